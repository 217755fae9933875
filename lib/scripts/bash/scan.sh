# shellcheck shell=bash disable=SC2154
# Everything that is known of a tree without reading its files, in one pass. Wants bash/tree.sh and bash/hashes.sh.
#
# A scan has a record for everything that belongs to a copy, the folder itself too, as lists of bash/hashes.sh have them:
# PATH TYPE MODE UID GID SIZE MTIME CTIME INODE NLINK KEY TARGET, where what has the same KEY is one thing under several names. The
# TARGET of a symbolic link may look like more than one field. Its mode says nothing, and differs between file systems, as the
# size of a folder does.

# Of a scan, what a copy has in common with its source
# shellcheck disable=SC2034
readonly copied_fields=1-7,12-

# scan_whole FOLDER SCAN: makes SCAN, and SCAN.removed of the files that a client still has open. Ends the script where anything can't
# be looked at.
scan_whole() {
  local folder=$1 scan=$2
  local times='%T@//%C@//%i//%n//' whose='%U//%G//'
  (
    cd "$folder" || exit
    # It ends with 1 where it complains. A device has a number of its own in every mount, so it is told only where two
    # file systems below the folder could have the same inode.
    find . \( -path ./lost+found -o -path ./.lunward \) -prune -o \
      ! -type d -name "$removed_name" -fprintf "$scan.removed" "%P//%y//%m//$whose%s//$times\0" -o \
      -type d -printf "%P//%y//%m//$whose//$times%P//\0" -o \
      -type l -links 1 -printf "%P//%y////$whose%s//$times%P//%l\0" -o \
      -type l -printf "%P//%y////$whose%s//$times/%D:%i//%l\0" -o \
      -links 1 -printf "%P//%y//%m//$whose%s//$times%P//\0" -o \
      -printf "%P//%y//%m//$whose%s//$times/%D:%i//\0" \
      2>"$scan.complaints" || (($? == 1))
  ) | encode | between_fields | sorted >"$scan"
  [[ ! -s $scan.complaints ]] || report declined "not all of it can be looked at: $(head --lines=1 "$scan.complaints")"
  sort --zero-terminated --output "$scan.removed" "$scan.removed"
}

# lasting SCAN: the same as long as nobody changes anything, whichever node mounts it.
lasting() {
  fields 1-10,12- "$1"
  encode <"$1.removed" | between_fields
}

# scan_digest SCAN: SHA-256 of that.
scan_digest() { lasting "$1" | sha256sum | head --bytes=64; }

# entries_of SCAN: without the folder itself.
entries_of() { echo "$(($(number_of_names "$1") - 1))"; }

# files_of SCAN: a list of its files, as list_files makes one, without their BLOCKS.
files_of() {
  # It ends with 1 where there are none.
  { grep --null-data --text "^[^$between]*${between}f$between" "$1" || (($? == 1)); } | joined -a 1 -o 1.1,1.9,1.6,1.7,1.8,1.11 - /dev/null
}

# first_names SCAN: PATH FIRST of everything, where FIRST is the first name of the same thing.
first_names() {
  fields 1,11 "$1" | sorted --key=2,2 --key=1,1 >"$1.keys"
  sorted --key=2,2 --unique "$1.keys" | joined -1 2 -2 2 -o 2.1,1.1 - "$1.keys" | sorted
  rm "$1.keys"
}

# unequal ONE OTHER: paths of records that only one of two files has.
unequal() { sorted "$1" "$2" | uniq --zero-terminated --unique | fields 1 - | sort --zero-terminated --unique | decode; }
