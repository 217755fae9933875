# shellcheck shell=bash
# What a folder holds, found in one pass however many files there are. Names may hold anything but NUL.

# The name, of 24 digits, that a client of NFS gives to a file which was removed while it was open. A user's own `.nfsrc` is
# another thing.
removed_name=.nfs$(printf '[0-9a-f]%.0s' {1..24})

# As many names of a kind are told; of all of them the number.
told_names=20

# scan_tree FOLDER LISTS SECONDS: makes lists of FOLDER in the folder LISTS; ends the script where it can't be listed.
# What the root of a volume has of its file system or of ours is no part of the tree.
scan_tree() {
  local folder=$1 lists=$2 seconds=$3 code=0
  # Who may read a file is asked of the server, so only for those that not everybody may read.
  timeout --kill-after=5 "$seconds" find "$folder" -mindepth 1 \
    \( -path "$folder/lost+found" -o -path "$folder/.lunward" \) -prune -o \
    ! -type d -name "$removed_name" -fprintf "$lists/removed" '%P\0' -o \( \
    -fprintf "$lists/types" '%y\n' , \
    -name '*[! -~]*' -fprintf "$lists/odd" '%P\0' , \
    -type f -links 1 -fprintf "$lists/bytes" '%s+' -fprintf "$lists/blocks" '%b+' , \
    -type f -links +1 -fprintf "$lists/linked" '%D:%i %n %s %b\n' , \
    -type f -size +128 -fprintf "$lists/fullness" '%S\n' , \
    -type f -size +0 -fprintf "$lists/filled" '%s\0%P\0' , \
    -type f -size +2048 -fprintf "$lists/large" '%s %P\0' , \
    -type f ! -perm -444 ! -readable -fprintf "$lists/unreadable" '%P\0' , \
    -type d ! -perm -555 ! \( -readable -executable \) -fprintf "$lists/unreadable" '%P\0' \
    \) 2>"$lists/errors" || code=$?
  case $code in
  124 | 137) report declined "the files of it could not be listed within $seconds s: its server hangs, or is too slow" ;;
  esac
  require_listed "$lists/errors"
}

# require_listed ERRORS: ends the script where find complained of something else than is to be expected: what may not be read
# is told by itself, and what vanishes was removed by the app.
require_listed() {
  local errors
  errors=$(grep --text --invert-match --extended-regexp \
    ': (Permission denied|No such file or directory|Stale file handle)$' "$1" || true)
  [[ -z $errors ]] || report declined "the files of it can't be listed: ${errors%%$'\n'*}"
}

# Numbers with a plus sign behind each.
sum_of() { echo "$(($(<"$1")0))"; }

# count_types LISTS: sets `count` of each type, as `find -printf %y` calls it, and `entries`, the number of all.
# shellcheck disable=SC2034
count_types() {
  local number type
  entries=0
  for type in f d l s p b c; do count["$type"]=0; done
  while read -r number type; do
    ((entries += number))
    count["$type"]=$number
  done < <(sort "$1/types" | uniq --count)
}

number_of_names() { tr --complement --delete '\0' <"$1" | wc --bytes; }

# sparse_of LISTS: the number of files that take less room than they are long: `%S` of find is 0.5 or 6.1e-05 for them.
sparse_of() { grep --count --extended-regexp '^0|e-' "$1/fullness" || true; }

# names_of FILE: the number of its names, each ended by NUL, and the first of them.
names_of() {
  local names=() number=0
  [[ ! -s $1 ]] || number=$(number_of_names "$1")
  mapfile -d '' -t -n "$told_names" names <"$1"
  json_object count "$number" names "$(json_strings "${names[@]}")"
}

# The first paths of a file, for a person.
named() {
  local path paths=() found=()
  mapfile -d '' -t -n 5 paths <"$1"
  for path in "${paths[@]}"; do found+=("$(json_string "${path:-.}")"); done
  echo "${found[*]}"
}

# Of names of bytes beyond ASCII, those that are no UTF-8.
not_utf8() {
  local name
  while IFS= read -r -d '' name; do
    is_utf8 "$name" || printf '%s\0' "$name"
  done <"$1"
}

is_utf8() {
  local tail=$'[\x80-\xbf]'
  local pattern=$'^([\x01-\x7f]|[\xc2-\xdf]'$tail$'|\xe0[\xa0-\xbf]'$tail$'|[\xe1-\xec\xee\xef]'$tail$tail
  pattern+=$'|\xed[\x80-\x9f]'$tail$'|\xf0[\x90-\xbf]'$tail$tail$'|[\xf1-\xf3]'$tail$tail$tail$'|\xf4[\x80-\x8f]'$tail$tail')*$'
  [[ $1 =~ $pattern ]]
}

# Sets links (sets of names of one file), outside (those with names that are not in the tree), and adds what they take to
# bytes and blocks.
# shellcheck disable=SC2034
count_links() {
  local seen names size taken
  links=0 outside=0
  while read -r seen _ names size taken; do
    ((links += 1, bytes += size, blocks += taken))
    ((seen == names)) || ((outside += 1))
  done < <(sort "$1" | uniq --count)
}
