# shellcheck shell=bash disable=SC2154
# Files of a copy that are to have another text than their source. Wants private_folder, lists, bash/scan.sh and bash/manifest.sh.

# Below the folder
: "${patch_paths[@]-}"
# SHA-256 of what each of them must hold before
: "${patch_hashes[@]-}"
# What each of them is to hold, in base64
: "${patch_texts[@]-}"

# require_patchable SCAN HASHES: ends the script unless each file is there with the text that its new one was made of. A path that
# leads through a symbolic link is in no scan, so nothing is written outside the volume. Makes patched: PATH HASH.
require_patchable() {
  local index path found text names
  mkdir "$private/texts"
  : >"$lists/patched.parts"
  for index in "${!patch_paths[@]}"; do
    path=${patch_paths[index]} text=$private/texts/$index
    base64 --decode <<<"${patch_texts[index]}" >"$text"
    printf '%s\0' "$path" | encode >"$lists/patch"
    found=$(field_of 2 "$2")
    [[ -n $found ]] || report declined "$(json_string "$path"), in which something is to be changed, is no file of the source"
    [[ $found == "${patch_hashes[index]}" ]] || report declined "$(json_string "$path") has SHA-256 $found, expected \
${patch_hashes[index]}: what is to be changed in it was decided on another text"
    names=$(field_of 10 "$1")
    ((names == 1)) || report declined "$(json_string "$path") has $names names, expected one: a change of it would be a change of the others"
    printf '%s//%s\0' "$path" "$(digest_of "$text")" | encode | between_fields >>"$lists/patched.parts"
  done
  sorted "$lists/patched.parts" >"$lists/patched"
}

# field_of NUMBER LIST: of the record of the path in patch.
field_of() { joined "$2" "$lists/patch" | fields "$1" - | tr --delete '\0'; }

# The folder of a file does not show that another one took its place.
apply_patches() {
  local index file draft=$target/.lunward/patched
  # Of a run that was killed.
  rm --force "$draft"
  for index in "${!patch_paths[@]}"; do
    file=$target/${patch_paths[index]}
    touch --reference="${file%/*}" "$private/time"
    # Owner, group, mode and attributes are those of the file that was there.
    if ! cp --archive "$file" "$draft" || ! cat "$private/texts/$index" >"$draft"; then
      report declined "the volume has no room for another text of $(json_string "${patch_paths[index]}"): take a larger LUN"
    fi
    finish_draft "$file" "$draft"
    touch --reference="$private/time" "${file%/*}"
  done
  sync --file-system "$target"
}

# require_patched BEFORE AFTER: two scans of the target differ in nothing but what was written to these files.
require_patched() {
  local scan
  for scan in "$1" "$2"; do
    joined -v 1 "$scan" "$lists/patched" | fields "$copied_fields" - >"$scan.others"
    joined "$scan" "$lists/patched" | fields 1-5 - >"$scan.owners"
  done
  {
    unequal "$1.others" "$2.others"
    unequal "$1.owners" "$2.owners"
  } >"$lists/unequal"
  [[ ! -s $lists/unequal ]] ||
    report declined "to write new texts has changed more than these on the volume: $(named "$lists/unequal")"
}

# What the disk has of them is what it should have.
require_patched_texts() {
  fields 1 "$lists/patched" | decode | sed --null-data 's,^,./,' >"$private/reread"
  (
    cd "$target" || exit
    xargs --null --no-run-if-empty sha256sum --zero <"$private/reread"
  ) | encode | sed --null-data "s,^\(.\{64\}\)  \./\(.*\),\2$between\1," | sorted >"$lists/reread"
  unequal "$lists/patched" "$lists/reread" >"$lists/unequal"
  [[ ! -s $lists/unequal ]] ||
    report declined "the disk has other bytes than were written of $(named "$lists/unequal"): it, or what lies between, is not to be trusted"
}
