# shellcheck shell=bash disable=SC2154
# Files that need not be read again, because what was found of them while the app ran still holds: bytes, access lists
# and attributes. Requires bash/hashes.sh, bash/databases.sh and lists.

# Both sides of a tree of at most this size are read within seconds. So all of it is: that a hash holds is a conclusion
# from clocks, and here it would save next to nothing.
quick_bytes=$((64 * 1024 * 1024)) quick_files=1000

# read_vouchers FOLDER SOURCE: makes `vouchers` (PATH INODE SIZE MTIME CTIME TARGET-CTIME HASH) from the volume's
# manifest; SOURCE is the list of the source's files. A manifest of another attempt gives none. Neither does one from
# before a reboot of the node: what the node had written may have been lost with its power.
read_vouchers() {
  local manifest=$1/.lunward/source.hashes head='' name
  vouchers=$lists/vouchers
  : >"$vouchers"
  [[ -e $manifest ]] || return 0
  ! is_quickly_read "$2" || return 0
  IFS= read -r -d '' head <"$manifest" || true
  for name in "version=2" "attempt=$attempt" "volume=$volume" "uuid=$uuid" "boot=$(</proc/sys/kernel/random/boot_id)"; do
    [[ " $head " == *" $name "* ]] || return 0
  done
  local field='\([^ ]*\) ' b=$between
  # Files beside a database are never vouched for.
  sed --null-data '1d; /-\(wal\|shm\|journal\)$/d' "$manifest" | encode |
    sed --null-data "s/^$field$field$field$field$field$field\(.*\)\$/\7$b\5$b\2$b\3$b\4$b\6$b\1/" | sorted >"$vouchers"
}

is_quickly_read() { (($(number_of_names "$1") <= quick_files && $(sum_to_hash "$1" 3) <= quick_bytes)); }

# vouch SOURCE TARGET VOUCHED: makes VOUCHED (PATH HASH) of the files in the source's list whose hash holds: the
# source's file has not changed since it was hashed, and the target's file has not been written to since its bytes were
# read from the disk. Every write gives a later ctime.
vouch() {
  local source_list=$1 target_list=$2 vouched=$3
  comm --zero-terminated -12 <(fields 1-5 "$vouchers") <(fields 1-5 "$source_list") | fields 1 - >"$vouched.source"
  comm --zero-terminated -12 <(fields 1,3,4,6 "$vouchers") <(fields 1,3,4,5 "$target_list") | fields 1 - |
    comm --zero-terminated -12 - "$vouched.source" >"$vouched.names"
  whole_sets "$source_list" "$vouched.names" | joined -o 1.1,2.7 - "$vouchers" >"$vouched"
  rm "$vouched.source" "$vouched.names" "$vouched.names.broken"
}

# whole_sets LIST NAMES: prints the NAMES whose files have all their names in LIST among NAMES.
whole_sets() {
  joined -v 1 -o 1.6 "$1" "$2" | sorted --unique >"$2.broken"
  joined -o 1.1,1.6 "$1" "$2" | sorted --key=2,2 | joined -v 1 -1 2 -2 1 -o 1.1 - "$2.broken" | sorted
}

# withdraw_databases NAMES LIST FOLDER: removes the databases among the NAMES of LIST from the vouchers. A database must
# not be wrong, and it is hardly ever at rest.
withdraw_databases() {
  # find_databases prints size and path in turn; only paths are kept.
  sizes_of "$1" "$2" | find_databases "$3" | sed --null-data --quiet 'n; p' | encode | sorted | joined -v 1 "$vouchers" - >"$vouchers.left"
  mv "$vouchers.left" "$vouchers"
}
