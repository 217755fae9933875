# shellcheck shell=bash
# /.lunward/marker at the root of a volume: whose volume it is, and its state. Lines of `name=value`, so any shell can
# read it: `state` (building, sealed), `attempt`, `volume` (name of the PersistentVolume), `uuid` (of the file system),
# and `manifest` (SHA-256 of /.lunward/manifest) if it was sealed with one.

# shellcheck source=lib/scripts/bash/draft.sh
source bash/draft.sh

# read_marker FOLDER: sets `marker_text`, which the other functions read; empty if there is no marker.
read_marker() { marker_text=$(cat "$1/.lunward/marker" 2>/dev/null || true); }

# marker NAME: prints the value of this name.
marker() { sed --quiet "s/^$1=//p" <<<"$marker_text"; }

# fact_marker: reports all values but the manifest's; each is empty if it is missing.
fact_marker() {
  local name values=()
  for name in state attempt volume uuid; do values+=("$name" "$(json_string "$(marker "$name")")"); done
  fact_json marker "$(json_object "${values[@]}")"
}

# write_marker FOLDER STATE ATTEMPT VOLUME UUID [MANIFEST]: replaces the marker, and syncs it. The app owns the volume, and
# may have made links of these names: root follows none, which could lead to a file of the node.
write_marker() {
  local folder=$1/.lunward
  [[ ! -L $folder ]] || report declined "the volume's .lunward is a symbolic link, which lunward does not follow: see who made it, and remove it" other-marker
  rm --force "$folder/marker.draft"
  mkdir --parents "$folder"
  # The pod's guard reads it as any user.
  chmod 755 "$folder"
  printf 'state=%s\nattempt=%s\nvolume=%s\nuuid=%s\n' "$2" "$3" "$4" "$5" >"$folder/marker.draft"
  [[ -z ${6:-} ]] || echo "manifest=$6" >>"$folder/marker.draft"
  chmod 644 "$folder/marker.draft"
  finish_draft "$folder/marker"
  sync "$1"
}

# require_marker STATE ATTEMPT VOLUME UUID: ends the script if this is another volume, or in another state, with the code
# other-marker.
require_marker() {
  local found name
  [[ -n $marker_text ]] || report declined "the volume has no marker, so it is not known whose data it holds" no-marker
  for name in state attempt volume uuid; do
    found=$(marker "$name")
    [[ $found == "$1" ]] ||
      report declined "the volume's marker says $name $(json_string "$found"), expected $(json_string "$1"): the volume belongs to another PersistentVolume or attempt" other-marker
    shift
  done
}

# read_names FOLDER: sets `names` to the first 20 names at the root of a volume, without those that belong to its file
# system or to Lunward.
read_names() {
  mapfile -d '' -t names < <(
    find "$1" -mindepth 1 -maxdepth 1 ! -name lost+found ! -name .lunward -printf '%f\0' |
      sort --zero-terminated | sed --null-data --quiet '1,20p'
  )
  # A folder that can't be listed does not count as empty.
  wait "$!"
}

# require_untouched: a file system of ours without a marker comes from a run that ended before it wrote the marker,
# unless someone has used it since.
# shellcheck disable=SC2154
require_untouched() {
  ((${#names[@]} == 0)) ||
    report declined "the file system on $device has this attempt's UUID and no marker, but holds ${names[0]}: something else has used it" no-marker
}
