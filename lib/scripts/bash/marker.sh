# shellcheck shell=bash
# /.lunward/marker at the root of a volume: whose it is, and how far it came. Lines of `name=value`, so that any shell can
# read it: `state` (building, sealed), `attempt`, `volume` (of the PersistentVolume), `uuid` (of the file system); and
# `manifest`, the SHA-256 of /.lunward/manifest, where it was sealed with one.

# shellcheck source=lib/scripts/bash/draft.sh
source bash/draft.sh

# read_marker FOLDER: what the others look at; empty where there is none.
read_marker() { marker_text=$(cat "$1/.lunward/marker" 2>/dev/null || true); }

# marker NAME: its value.
marker() { sed --quiet "s/^$1=//p" <<<"$marker_text"; }

# fact_marker: all of it but its manifest, each empty where there is none.
fact_marker() {
  local name values=()
  for name in state attempt volume uuid; do values+=("$name" "$(json_string "$(marker "$name")")"); done
  fact_json marker "$(json_object "${values[@]}")"
}

# write_marker FOLDER STATE ATTEMPT VOLUME UUID [MANIFEST]
write_marker() {
  local folder=$1/.lunward
  mkdir --parents "$folder"
  # The pod's guard reads it, whoever it runs as.
  chmod 755 "$folder"
  printf 'state=%s\nattempt=%s\nvolume=%s\nuuid=%s\n' "$2" "$3" "$4" "$5" >"$folder/marker.draft"
  [[ -z ${6:-} ]] || echo "manifest=$6" >>"$folder/marker.draft"
  chmod 644 "$folder/marker.draft"
  finish_draft "$folder/marker"
  sync "$1"
}

# require_marker STATE ATTEMPT VOLUME UUID: ends the script where the volume is another one, or in another state.
require_marker() {
  local found name
  [[ -n $marker_text ]] || report declined "the volume has no marker: nobody knows whose data it holds"
  for name in state attempt volume uuid; do
    found=$(marker "$name")
    [[ $found == "$1" ]] ||
      report declined "the volume's marker says $name $(json_string "$found"), expected $(json_string "$1"): it is another volume's, or of another attempt"
    shift
  done
}

# read_names FOLDER: sets `names`, the first at the root of a volume, without what its file system or we have put there.
read_names() {
  mapfile -d '' -t names < <(
    find "$1" -mindepth 1 -maxdepth 1 ! -name lost+found ! -name .lunward -printf '%f\0' |
      sort --zero-terminated | sed --null-data --quiet '1,20p'
  )
  # Where it can't be listed, nobody knows that it is empty.
  wait "$!"
}

# require_untouched: a file system of ours without a marker was made by a run that ended there, unless somebody has used it
# since.
# shellcheck disable=SC2154
require_untouched() {
  ((${#names[@]} == 0)) ||
    report declined "the file system on $device is ours by its UUID and holds ${names[0]}, but no marker: somebody has used it"
}
