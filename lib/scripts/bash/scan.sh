# shellcheck shell=bash disable=SC2154
# Lists everything about a tree that can be known without reading its files, in one pass. Requires bash/tree.sh and
# bash/hashes.sh.
#
# A scan has a record for every entry that belongs to a copy, the folder itself included, in the format of
# bash/hashes.sh: PATH TYPE MODE UID GID SIZE MTIME CTIME INODE NLINK KEY TARGET. Entries with the same KEY are one file
# under several names. TARGET, of a symbolic link, may look like more than one field. A scan leaves out a symbolic
# link's mode, which means nothing and differs between file systems, and a folder's size, which also differs.

# The fields of a scan that a copy has in common with its source
# shellcheck disable=SC2034
readonly copied_fields=1-7,12-

# scan_whole FOLDER SCAN: makes SCAN, and SCAN.removed of the files that were removed but that a client still has open.
# Ends the script if any entry can't be read.
scan_whole() {
  local folder=$1 scan=$2
  local times='%T@//%C@//%i//%n//' whose='%U//%G//'
  (
    cd "$folder" || exit
    # find exits with 1 if it complained. A device has another number in every mount, so the number is listed only where
    # two file systems below the folder could have the same inode.
    find . \( -path ./lost+found -o -path ./.lunward \) -prune -o \
      ! -type d -name "$removed_name" -fprintf "$scan.removed" "%P//%y//%m//$whose%s//$times\0" -o \
      -type d -printf "%P//%y//%m//$whose//$times%P//\0" -o \
      -type l -links 1 -printf "%P//%y////$whose%s//$times%P//%l\0" -o \
      -type l -printf "%P//%y////$whose%s//$times/%D:%i//%l\0" -o \
      -links 1 -printf "%P//%y//%m//$whose%s//$times%P//\0" -o \
      -printf "%P//%y//%m//$whose%s//$times/%D:%i//\0" \
      2>"$scan.complaints" || (($? == 1))
  ) | encode | between_fields | sorted >"$scan"
  [[ ! -s $scan.complaints ]] || report declined "not all entries can be read: $(head --lines=1 "$scan.complaints")"
  sort --zero-terminated --output "$scan.removed" "$scan.removed"
}

# lasting SCAN: prints text that stays the same as long as nothing changes, whichever node mounts the folder.
lasting() {
  fields 1-10,12- "$1"
  encode <"$1.removed" | between_fields
}

# scan_digest SCAN: prints the SHA-256 of `lasting`.
scan_digest() { lasting "$1" | sha256sum | head --bytes=64; }

# entries_of SCAN: prints the number of entries, without the folder itself.
entries_of() { echo "$(($(number_of_names "$1") - 1))"; }

# files_of SCAN: prints a list of its files in the format of list_files, without BLOCKS.
files_of() {
  # grep exits with 1 if there are none.
  { grep --null-data --text "^[^$between]*${between}f$between" "$1" || (($? == 1)); } | joined -a 1 -o 1.1,1.9,1.6,1.7,1.8,1.11 - /dev/null
}

# first_names SCAN: prints PATH FIRST of every entry; FIRST is the first name of the same file.
first_names() {
  fields 1,11 "$1" | sorted --key=2,2 --key=1,1 >"$1.keys"
  sorted --key=2,2 --unique "$1.keys" | joined -1 2 -2 2 -o 2.1,1.1 - "$1.keys" | sorted
  rm "$1.keys"
}

# unequal ONE OTHER: prints the paths of records that only one of the two files has.
unequal() { sorted "$1" "$2" | uniq --zero-terminated --unique | fields 1 - | sort --zero-terminated --unique | decode; }
