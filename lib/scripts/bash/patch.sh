# shellcheck shell=bash disable=SC2154
# Gives files of a copy another text than their source has. Requires private_folder, lists, bash/scan.sh and
# bash/manifest.sh.

# Paths relative to the volume's root
: "${patch_paths[@]-}"
# SHA-256 that each file must have before
: "${patch_hashes[@]-}"
# The new text of each file, in base64
: "${patch_texts[@]-}"

# require_patchable SCAN HASHES: ends the script unless each file is there with the text that its new text was made
# from. A path through a symbolic link is in no scan, so nothing outside the volume is written. Makes patched: PATH
# HASH.
require_patchable() {
  local index path found text names
  mkdir "$private/texts"
  : >"$lists/patched.parts"
  for index in "${!patch_paths[@]}"; do
    path=${patch_paths[index]} text=$private/texts/$index
    base64 --decode <<<"${patch_texts[index]}" >"$text"
    printf '%s\0' "$path" | encode >"$lists/patch"
    found=$(field_of 2 "$2")
    [[ -n $found ]] || report declined "$(json_string "$path"), which this move changes a setting in, is not a file of the source" no-file
    [[ $found == "${patch_hashes[index]}" ]] || report declined "$(json_string "$path") has SHA-256 $found, expected \
${patch_hashes[index]}: it was changed after its new text was approved" other-text
    names=$(field_of 10 "$1")
    ((names == 1)) || report declined "$(json_string "$path") has $names names (hard links), expected one: changing it would change the others" linked
    printf '%s//%s\0' "$path" "$(digest_of "$text")" | encode | between_fields >>"$lists/patched.parts"
  done
  sorted "$lists/patched.parts" >"$lists/patched"
}

# field_of NUMBER LIST: prints a field of the record of the path in the list `patch`.
field_of() { joined "$2" "$lists/patch" | fields "$1" - | tr --delete '\0'; }

# Restores each folder's time, so it does not show that a file was replaced.
apply_patches() {
  local index file draft=$target/.lunward/patched
  # A killed run may have left it.
  rm --force "$draft"
  for index in "${!patch_paths[@]}"; do
    file=$target/${patch_paths[index]}
    touch --reference="${file%/*}" "$private/time"
    # Keeps owner, group, mode and attributes of the old file.
    if ! cp --archive "$file" "$draft" || ! cat "$private/texts/$index" >"$draft"; then
      report declined "the volume has no room for the new text of $(json_string "${patch_paths[index]}"): use a larger volume" full
    fi
    finish_draft "$file" "$draft"
    touch --reference="$private/time" "${file%/*}"
  done
  sync --file-system "$target"
}

# require_patched BEFORE AFTER: two scans of the target differ in nothing but the patched files' contents.
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
    report declined "changing settings also changed other entries of the volume: $(named "$lists/unequal")"
}

# The disk has the right bytes of the patched files.
require_patched_texts() {
  fields 1 "$lists/patched" | decode | sed --null-data 's,^,./,' >"$private/reread"
  (
    cd "$target" || exit
    xargs --null --no-run-if-empty sha256sum --zero <"$private/reread"
  ) | encode | sed --null-data "s,^\(.\{64\}\)  \./\(.*\),\2$between\1," | sorted >"$lists/reread"
  unequal "$lists/patched" "$lists/reread" >"$lists/unequal"
  [[ ! -s $lists/unequal ]] ||
    report declined "the disk returns other bytes than were written for $(named "$lists/unequal"): do not trust the disk or the network"
}
