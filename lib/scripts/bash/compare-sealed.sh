# shellcheck shell=bash disable=SC2154
# What a volume holds now against what it held when it was sealed. Wants bash/tree.sh, bash/hashes.sh and lists, with `sealed` and
# `now` in it. What is made of them are sorted names.

# sealed_list: from /.lunward/manifest, see bash/sealed.sh, a sorted list of PATH SIZE MTIME HASH.
sealed_list() {
  local field='\([^ ]*\) ' b=$between
  sed --null-data 1d | encode | sed --null-data "s/^$field$field$field\(.*\)\$/\4$b\2$b\3$b\1/" | sorted
}

# compare_lists: makes
# - same: of the files that have their size and time of then; none of them is damaged as far as that is known yet
# - changed: of those with another size or time
# - removed, added
# - damaged, unreadable: nothing
compare_lists() {
  kept_of "$lists/now" >"$lists/same"
  with_files "$lists/same" >"$lists/kept.files"
  joined -o 1.1 "$lists/sealed" "$lists/now" | joined -v 1 - "$lists/same" >"$lists/changed"
  joined -v 1 -o 1.1 "$lists/sealed" "$lists/now" >"$lists/removed"
  joined -v 2 -o 2.1 "$lists/sealed" "$lists/now" >"$lists/added"
  : >"$lists/damaged"
  : >"$lists/unreadable"
}

# kept_of LIST: names of files that have the size and time of then.
kept_of() {
  comm --zero-terminated -12 <(fields 1-3 "$lists/sealed") <(fields 1,3,4 "$1") | fields 1 -
}

# compare_bytes: takes out of `same` what has other bytes than then, or could not be read, once kept.files.hashes is there. What
# the app has written to or removed since it was listed is no damage.
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

# with_files NAMES: the records that `now` has of them.
with_files() { joined -o 1.1,1.2,1.3,1.4,1.5,1.6,1.7 "$lists/now" "$1"; }

# bytes_of_names NAMES: how long they are now; a file of several names counts once.
bytes_of_names() {
  with_files "$1" >"$lists/counted"
  sum_to_hash "$lists/counted" 3
}

# How long all files were then, as the head of the list says: which of its names are one file it does not say.
sealed_bytes() {
  local head=''
  IFS= read -r -d '' head <"$lists/manifest" || true
  [[ " $head " =~ \ bytes=([0-9]+)\  ]] && echo "${BASH_REMATCH[1]}"
}

# Each name for itself.
removed_bytes() {
  joined -o 1.2 "$lists/sealed" "$lists/removed" | tr '\0' + >"$lists/counted"
  sum_of "$lists/counted"
}

# told_of NAMES: as names_of tells them.
told_of() {
  decode <"$1" >"$lists/told"
  names_of "$lists/told"
}
