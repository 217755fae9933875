# shellcheck shell=bash disable=SC2154
# Compares what a volume holds now with what it held when it was sealed. Requires bash/tree.sh, bash/hashes.sh and the
# folder `lists` with the lists `sealed` and `now`. Every list made here is sorted names.

# sealed_list: turns /.lunward/manifest (see bash/sealed.sh) into a sorted list of PATH SIZE MTIME HASH.
sealed_list() {
  local field='\([^ ]*\) ' b=$between
  sed --null-data 1d | encode | sed --null-data "s/^$field$field$field\(.*\)\$/\4$b\2$b\3$b\1/" | sorted
}

# compare_lists: makes these lists:
# - same: files with the sealed size and time; none of them is known to be damaged yet
# - changed: files with another size or time
# - removed, added
# - damaged, unreadable: empty
compare_lists() {
  kept_of "$lists/now" >"$lists/same"
  with_files "$lists/same" >"$lists/kept.files"
  joined -o 1.1 "$lists/sealed" "$lists/now" | joined -v 1 - "$lists/same" >"$lists/changed"
  joined -v 1 -o 1.1 "$lists/sealed" "$lists/now" >"$lists/removed"
  joined -v 2 -o 2.1 "$lists/sealed" "$lists/now" >"$lists/added"
  : >"$lists/damaged"
  : >"$lists/unreadable"
}

# kept_of LIST: prints the names of files that still have their sealed size and time.
kept_of() {
  comm --zero-terminated -12 <(fields 1-3 "$lists/sealed") <(fields 1,3,4 "$1") | fields 1 -
}

# compare_bytes: run it once kept.files.hashes exists. Removes from `same` the files whose bytes differ from the sealed
# ones, and those that could not be read. Files that the app has written or removed since the listing are not damaged.
compare_bytes() {
  local hashes=$lists/kept.files.hashes
  mv "$lists/same" "$lists/kept"
  comm --zero-terminated -12 <(fields 1,4 "$lists/sealed") "$hashes" | fields 1 - >"$lists/same"
  joined -v 1 "$lists/kept" "$lists/same" >"$lists/doubted"
  [[ -s $lists/doubted ]] || return 0
  list_files "$root" "$lists/later" 0
  kept_of "$lists/later" | joined - "$lists/doubted" >"$lists/still"
  joined -o 1.1 "$lists/still" "$hashes" >"$lists/damaged"
  joined -v 1 "$lists/still" "$hashes" >"$lists/unreadable"
  joined -v 1 "$lists/doubted" "$lists/later" | sorted - "$lists/removed" >"$lists/removed.more"
  joined -v 1 "$lists/doubted" "$lists/still" | joined -o 1.1 - "$lists/later" | sorted - "$lists/changed" >"$lists/changed.more"
  mv "$lists/removed.more" "$lists/removed"
  mv "$lists/changed.more" "$lists/changed"
}

# with_files NAMES: prints the records of these names from `now`.
with_files() { joined -o 1.1,1.2,1.3,1.4,1.5,1.6,1.7 "$lists/now" "$1"; }

# bytes_of_names NAMES: prints the current size of these files in bytes; a file with several names counts once.
bytes_of_names() {
  with_files "$1" >"$lists/counted"
  sum_to_hash "$lists/counted" 3
}

# Prints the size of all sealed files, from the manifest's header: the manifest does not record which names belong to
# one file.
sealed_bytes() {
  local head=''
  IFS= read -r -d '' head <"$lists/manifest" || true
  [[ " $head " =~ \ bytes=([0-9]+)\  ]] && echo "${BASH_REMATCH[1]}"
}

# Counts every name, also names of the same file.
removed_bytes() {
  joined -o 1.2 "$lists/sealed" "$lists/removed" | tr '\0' + >"$lists/counted"
  sum_of "$lists/counted"
}

# told_of NAMES: prints encoded names as JSON (see names_of).
told_of() {
  decode <"$1" >"$lists/told"
  names_of "$lists/told"
}
