# shellcheck shell=bash disable=SC2154
# Hashes the files of a tree, and decides which hashes hold. Requires bash/tree.sh and bash/children.sh.
#
# A list has one record for each file, ended by NUL, and is sorted: PATH INODE SIZE MTIME CTIME KEY BLOCKS. Files with
# the same KEY are one file under several names. The lowest byte separates the fields, so records sort as their first
# fields do, and coreutils' sort, join and comm do the work, however many files there are.

readonly between=$'\x01'

# A tree without files leaves no parts of a list.
shopt -s nullglob

# encode escapes the separator byte, and the escape character, in a field; decode reverses it.
encode() { sed --null-data 's/%/%25/g; s/\x01/%01/g'; }
decode() { sed --null-data 's/%01/\x01/g; s/%25/%/g'; }

sorted() { sort --zero-terminated --field-separator "$between" "$@"; }
joined() { join --zero-terminated -t "$between" "$@"; }
# fields NUMBERS FILE: prints these fields of each record.
fields() { cut --zero-terminated --delimiter "$between" --fields "$@"; }

# list_files FOLDER LIST TIME: makes LIST of the files that belong to a copy, and LIST.settled: PATH CTIME of
# everything, folders too, that last changed at TIME or before. Times are seconds with fractions.
list_files() {
  local folder=$1 list=$2 time=$3
  # No path contains two slashes in a row.
  local record='%P//%i//%s//%T@//%C@//'
  (
    cd "$folder" || exit
    # find exits with 1 if it complained.
    find . \( -path ./lost+found -o -path ./.lunward \) -prune -o ! -type d -name "$removed_name" -o \( \
      ! -newerct "@$time" -fprintf "$list.old" '%P//%C@\0' , \
      -type f -links 1 -printf "$record%P//%b\0" , \
      -type f -links +1 -printf "$record/%D:%i:%s:%T@:%C@//%b\0" \
      \) 2>"$list.complaints" || (($? == 1))
  ) | encode | between_fields | sorted >"$list"
  require_listed "$list.complaints"
  encode <"$list.old" | between_fields | sorted >"$list.settled"
  rm "$list.old"
}

between_fields() { sed --null-data "s,//,$between,g"; }

# last_change LIST: prints the latest ctime among the settled entries; 0 if there are none.
last_change() {
  local time
  time=$(fields 2 "$1.settled" | sort --zero-terminated --numeric-sort | tail --zero-terminated --lines=1 | tr --delete '\0')
  echo "${time:-0}"
}

# sum_to_hash LIST FIELD: prints the sum of SIZE (3) or BLOCKS (7, of 512 bytes each) of what must be read to hash the
# files.
sum_to_hash() {
  sorted --unique --key=6,6 "$1" | fields "$2" | tr '\0' + >"$1.bytes"
  sum_of "$1.bytes"
}

# sizes_of NAMES LIST: prints SIZE PATH of each, as find_databases reads them.
sizes_of() { joined -o 1.1,1.3 "$2" "$1" | sed --null-data "s/^\(.*\)$between\(.*\)\$/\2\x00\1/" | decode; }

# hash_files FOLDER LIST PROCESSES: makes LIST.hashes, with PATH HASH of each file of LIST that could be read. A file
# with several names is read once. Parallel processes help where each file costs round trips.
hash_files() {
  local folder=$1 list=$2 processes=$3 part
  sorted --unique --key=6,6 "$list" | fields 1,6 | sorted >"$list.once"
  mkdir "$list.parts"
  fields 1 "$list.once" | decode | sed --null-data 's,^,./,' |
    split --elide-empty-files --number="r/$processes" --separator='\0' - "$list.parts/"
  for part in "$list.parts"/*; do
    (
      cd "$folder" || exit
      xargs --null --no-run-if-empty sha256sum --zero <"$part"
    ) >"$part.hashed" 2>"$part.complaints" &
  done
  wait_for_jobs
  cat /dev/null "$list.parts"/*.hashed | encode | sed --null-data "s,^\(.\{64\}\)  \./\(.*\),\2$between\1," | sorted >"$list.hashes"
  # Gives all names of a file the hash of the name that was read.
  joined -o 1.2,2.2 "$list.once" "$list.hashes" | sorted >"$list.keys"
  sorted --key=6,6 "$list" | joined -1 6 -2 1 -o 1.1,2.2 - "$list.keys" | sorted >"$list.hashes"
  cat /dev/null "$list.parts"/*.complaints >"$list.complaints"
  rm --recursive "$list.parts" "$list.once" "$list.keys"
}

# settled_before CLOCK SECONDS: prints the time so many seconds before, never before 1970: a source without any time of
# the past has nothing that settled.
settled_before() {
  local seconds=$((${1%.*} - $2)) fraction=''
  [[ $1 != *.* ]] || fraction=.${1#*.}
  if ((seconds > 0)); then echo "$seconds$fraction"; else echo 0; fi
}

# trust_hashes FIRST SECOND TRUSTED: makes TRUSTED (PATH INODE SIZE MTIME CTIME HASH), the hashes of FIRST that hold
# until a file's inode, size or times change, and TRUSTED.unread, the paths that should have a hash and have none. FIRST
# is the list from before the hashing. SECOND is the list from after it, through a mount that has nothing cached, with a
# TIME that is `settling_seconds` (see bash/source-nfs.sh) before the last change seen in FIRST.
#
# Why the hashes hold: each change of a file gives it a ctime, from a clock that had reached every ctime in FIRST when
# that was listed. A change after a file was read gets a later ctime than the last change in FIRST, except for what that
# clock can be off by, which is settling_seconds at worst. So no change after that gives a ctime again that is older by
# as much. Therefore, if a file's ctime is
# - equal in both lists, nothing changed between listing and reading, or during the reading;
# - still equal later, when the app is stopped, nothing has changed since.
#
# A clock that was set back leaves ctimes that it has not reached again. So ctimes in this node's future count for
# nothing, neither as the last change nor as settled. A program on the server itself that has a file mapped may change
# it before its ctime: this node can't see programs there.
trust_hashes() {
  local first=$1 second=$2 trusted=$3
  comm --zero-terminated -12 <(fields 1-5 "$first") <(fields 1-5 "$second") |
    joined -o 1.1,1.2,1.3,1.4,1.5 - "$second.settled" >"$trusted.stable"
  joined "$trusted.stable" "$first.hashes" >"$trusted"
  joined -v 1 -o 1.1 "$trusted.stable" "$first.hashes" | decode >"$trusted.unread"
  rm "$trusted.stable"
}

# compare_files TRUSTED LIST: makes TRUSTED.same (PATH TARGET-CTIME) of the trusted files with the same size, time and hash
# in LIST, TRUSTED.differing of those with another hash alone, and TRUSTED.missing of those that LIST does not have.
compare_files() {
  local trusted=$1 list=$2
  comm --zero-terminated -12 <(fields 1,3,4,6 "$trusted") <(joined -o 1.1,1.3,1.4,2.2 "$list" "$list.hashes") |
    joined -o 1.1,2.5 - "$list" >"$trusted.same"
  comm --zero-terminated -12 <(fields 1,3,4 "$trusted") <(fields 1,3,4 "$list") |
    joined -v 1 -o 1.1 - "$trusted.same" >"$trusted.differing"
  joined -v 1 -o 1.1 "$trusted" "$list" >"$trusted.missing"
}

# only_alike TRUSTED ALIKE: keeps in TRUSTED.same only the paths that are in ALIKE. rsync found those alike between the
# two listings of TRUSTED, so what holds for their bytes also holds for their access lists and attributes: a change of
# those gives a later ctime too.
only_alike() {
  joined "$1.same" "$2" >"$1.alike"
  mv "$1.alike" "$1.same"
}

# manifest_of TRUSTED HEADER: prints a record of NAME=VALUE, then one for each file, all ended by NUL, with a space
# between fields: HASH SIZE MTIME CTIME INODE TARGET-CTIME PATH. TARGET-CTIME is `-` if the target's bytes, access lists
# or attributes were not found to be the same. While the target's file still has that ctime, nothing was written to it.
manifest_of() {
  printf '%s\0' "$2"
  joined -a 1 -e - -o 1.6,1.3,1.4,1.5,1.2,2.2,1.1 "$1" "$1.same" | sed --null-data "s/$between/ /g" | decode
}
