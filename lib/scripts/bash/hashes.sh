# shellcheck shell=bash disable=SC2154
# Hashes of all files of a tree, and which of them hold. Wants bash/tree.sh and bash/children.sh.
#
# A list has a record for each file, ended by NUL, and is sorted: PATH INODE SIZE MTIME CTIME KEY BLOCKS, where files of the
# same KEY are one file under several names. Fields have the lowest byte between them, so that records sort as their first
# fields do, and sort, join and comm of coreutils do the work, however many files there are.

readonly between=$'\x01'

# Where there are no files there are no parts of their list.
shopt -s nullglob

# What that byte, and the one that stands for it, are called in a field.
encode() { sed --null-data 's/%/%25/g; s/\x01/%01/g'; }
decode() { sed --null-data 's/%01/\x01/g; s/%25/%/g'; }

sorted() { sort --zero-terminated --field-separator "$between" "$@"; }
joined() { join --zero-terminated -t "$between" "$@"; }
# fields NUMBERS FILE
fields() { cut --zero-terminated --delimiter "$between" --fields "$@"; }

# list_files FOLDER LIST TIME: makes LIST of the files that belong to a copy, and LIST.settled: PATH CTIME of everything, folders
# too, that was last changed at TIME or before. Times are seconds with their fractions.
list_files() {
  local folder=$1 list=$2 time=$3
  # In no path one slash is behind another.
  local record='%P//%i//%s//%T@//%C@//'
  (
    cd "$folder" || exit
    # It ends with 1 where it complains.
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

# last_change LIST: the latest time among what is settled; 0 where nothing is.
last_change() {
  local time
  time=$(fields 2 "$1.settled" | sort --zero-terminated --numeric-sort | tail --zero-terminated --lines=1 | tr --delete '\0')
  echo "${time:-0}"
}

# sum_to_hash LIST FIELD: of what is read to hash its files, the sum of SIZE (3) or of BLOCKS (7), which are of 512 bytes.
sum_to_hash() {
  sorted --unique --key=6,6 "$1" | fields "$2" | tr '\0' + >"$1.bytes"
  sum_of "$1.bytes"
}

# hash_files FOLDER LIST PROCESSES: makes LIST.hashes, PATH HASH of each file of LIST that could be read. A file of several
# names is read once. Where each file costs round trips, processes side by side help.
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
  # From the name that was read to all that the file has.
  joined -o 1.2,2.2 "$list.once" "$list.hashes" | sorted >"$list.keys"
  sorted --key=6,6 "$list" | joined -1 6 -2 1 -o 1.1,2.2 - "$list.keys" | sorted >"$list.hashes"
  cat /dev/null "$list.parts"/*.complaints >"$list.complaints"
  rm --recursive "$list.parts" "$list.once" "$list.keys"
}

# trust_hashes FIRST SECOND TRUSTED: makes TRUSTED (PATH INODE SIZE MTIME CTIME HASH) of those hashes of FIRST which hold until
# a file's inode, size or times change, and TRUSTED.unread of paths that ought to have one. FIRST was listed before the hashing;
# SECOND behind it, through a mount that remembers nothing, with a TIME of 2 s before the last change that was seen in FIRST.
#
# Why they hold: a file's ctime is set by its server's clock at every change, and by nothing else. So when FIRST was listed,
# that clock had reached every ctime in it, and whatever is changed after a file was read gets a later ctime than the last
# change in FIRST, but for the coarseness of the clock: 10 ms with Linux, 2 s at the worst. A ctime that is 2 s older than that
# can't be given once more. Therefore, if a file's ctime is
# - equal in both lists, nothing changed between being listed and being read, or while it was read;
# - equal later, when the app is stopped, nothing has changed since.
# A clock that was set back leaves ctimes which it has not reached again: those that are in the future for this node count for
# nothing, neither as the last change nor as settled. Who maps a file on the server itself may change it before its ctime:
# programs there are not seen from here at all.
trust_hashes() {
  local first=$1 second=$2 trusted=$3
  comm --zero-terminated -12 <(fields 1-5 "$first") <(fields 1-5 "$second") |
    joined -o 1.1,1.2,1.3,1.4,1.5 - "$second.settled" >"$trusted.stable"
  joined "$trusted.stable" "$first.hashes" >"$trusted"
  joined -v 1 -o 1.1 "$trusted.stable" "$first.hashes" | decode >"$trusted.unread"
  rm "$trusted.stable"
}

# compare_files TRUSTED LIST: the files of which the source's hashes hold, against a LIST of the target with its hashes.
# - TRUSTED.same: PATH CTIME, the target's, of those that have the same size, time and bytes there
# - TRUSTED.differing: paths of those that have the same size and time, and other bytes, or can't be read
# - TRUSTED.missing: paths of those that are not there
# All others have another size or time there: they were changed since they were copied.
compare_files() {
  local trusted=$1 list=$2
  comm --zero-terminated -12 <(fields 1,3,4,6 "$trusted") <(joined -o 1.1,1.3,1.4,2.2 "$list" "$list.hashes") |
    joined -o 1.1,2.5 - "$list" >"$trusted.same"
  comm --zero-terminated -12 <(fields 1,3,4 "$trusted") <(fields 1,3,4 "$list") |
    joined -v 1 -o 1.1 - "$trusted.same" >"$trusted.differing"
  joined -v 1 -o 1.1 "$trusted" "$list" >"$trusted.missing"
}

# only_alike TRUSTED ALIKE: leaves in TRUSTED.same those of which ALIKE has the path. They were found to be alike between the two times that
# TRUSTED was listed, so what holds of their bytes holds of their access lists and attributes: a change of those gives a later ctime, too.
only_alike() {
  joined "$1.same" "$2" >"$1.alike"
  mv "$1.alike" "$1.same"
}

# manifest_of TRUSTED HEADER: a record of NAME=VALUE, then one for each file, all ended by NUL, with a space between fields:
# HASH SIZE MTIME CTIME INODE TARGET-CTIME PATH. TARGET-CTIME is `-` where the target's bytes, or anything else of it, were not found to be
# the same; where it is still so, nothing was written to that file since.
manifest_of() {
  printf '%s\0' "$2"
  joined -a 1 -e - -o 1.6,1.3,1.4,1.5,1.2,2.2,1.1 "$1" "$1.same" | sed --null-data "s/$between/ /g" | decode
}
