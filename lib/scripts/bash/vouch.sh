# shellcheck shell=bash disable=SC2154
# Files that need not be looked into again, because what was found of them while the app ran still holds: bytes, access lists and attributes. Wants bash/hashes.sh,
# bash/databases.sh and lists.

# read_vouchers FOLDER: makes vouchers (PATH INODE SIZE MTIME CTIME TARGET-CTIME HASH) of the volume's manifest. There are none in
# one of another attempt; nor of another start of the node, for what it had written may have been lost with its power.
read_vouchers() {
  local manifest=$1/.lunward/source.hashes head='' name
  vouchers=$lists/vouchers
  : >"$vouchers"
  [[ -e $manifest ]] || return 0
  IFS= read -r -d '' head <"$manifest" || true
  for name in "version=2" "attempt=$attempt" "volume=$volume" "uuid=$uuid" "boot=$(</proc/sys/kernel/random/boot_id)"; do
    [[ " $head " == *" $name "* ]] || return 0
  done
  local field='\([^ ]*\) ' b=$between
  # What lies beside a database is never vouched for.
  sed --null-data '1d; /-\(wal\|shm\|journal\)$/d' "$manifest" | encode |
    sed --null-data "s/^$field$field$field$field$field$field\(.*\)\$/\7$b\5$b\2$b\3$b\4$b\6$b\1/" | sorted >"$vouchers"
}

# vouch SOURCE TARGET VOUCHED: makes VOUCHED (PATH HASH) of the files of a list of the source for which a hash holds. Nothing was
# changed in the source's since it was hashed, and nothing was written to the target's since the same was read from its disk: any
# writing gives a later ctime.
vouch() {
  local source_list=$1 target_list=$2 vouched=$3
  comm --zero-terminated -12 <(fields 1-5 "$vouchers") <(fields 1-5 "$source_list") | fields 1 - >"$vouched.source"
  comm --zero-terminated -12 <(fields 1,3,4,6 "$vouchers") <(fields 1,3,4,5 "$target_list") | fields 1 - |
    comm --zero-terminated -12 - "$vouched.source" >"$vouched.names"
  whole_sets "$source_list" "$vouched.names" | joined -o 1.1,2.7 - "$vouchers" >"$vouched"
  rm "$vouched.source" "$vouched.names" "$vouched.names.broken"
}

# whole_sets LIST NAMES: those of the NAMES of LIST that are all the names of their files.
whole_sets() {
  joined -v 1 -o 1.6 "$1" "$2" | sorted --unique >"$2.broken"
  joined -o 1.1,1.6 "$1" "$2" | sorted --key=2,2 | joined -v 1 -1 2 -2 1 -o 1.1 - "$2.broken" | sorted
}

# withdraw_databases NAMES LIST FOLDER: those of the NAMES of LIST that are databases are not vouched for any more. They are what
# must not be wrong, and they hardly ever are at rest.
withdraw_databases() {
  # Behind each size is a path.
  sizes_of "$1" "$2" | find_databases "$3" | sed --null-data --quiet 'n; p' | encode | sorted | joined -v 1 "$vouchers" - >"$vouchers.left"
  mv "$vouchers.left" "$vouchers"
}

# sizes_of NAMES LIST: SIZE PATH of each, as find_databases takes them.
sizes_of() { joined -o 1.1,1.3 "$2" "$1" | sed --null-data "s/^\(.*\)$between\(.*\)\$/\2\x00\1/" | decode; }
