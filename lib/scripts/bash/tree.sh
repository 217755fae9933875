# shellcheck shell=bash
# Lists a folder in one pass, however many files it holds. Names may contain anything but NUL.

# The name, with 24 hexadecimal digits, that an NFS client gives to a file that was removed while open. A user's own
# `.nfsrc` does not match.
removed_name=.nfs$(printf '[0-9a-f]%.0s' {1..24})

# The most names of a kind that a report lists; it always has the number of all.
told_names=20

# scan_tree FOLDER LISTS SECONDS: makes lists of FOLDER in the folder LISTS; ends the script if it can't be listed. What
# belongs to the file system or to Lunward at the root of a volume is not part of the tree.
scan_tree() {
  local folder=$1 lists=$2 seconds=$3 code=0
  # Checking whether a file is readable asks the server, so only files that not every user may read are checked.
  timeout --kill-after=5 "$seconds" find "$folder" -mindepth 1 \
    \( -path "$folder/lost+found" -o -path "$folder/.lunward" \) -prune -o \
    ! -type d -name "$removed_name" -fprintf "$lists/removed" '%P\0' -o \( \
    -fprintf "$lists/types" '%y\n' , \
    -fprintf "$lists/owners" '%U\n' , \
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
  124 | 137) report declined "its files could not be listed within $seconds s: the server hangs, or is too slow" ;;
  esac
  require_listed "$lists/errors"
}

# require_listed ERRORS: ends the script if find complained of anything unexpected. Unreadable entries are reported
# separately, and the app may have removed an entry meanwhile.
require_listed() {
  local errors
  errors=$(grep --text --invert-match --extended-regexp \
    ': (Permission denied|No such file or directory|Stale file handle)$' "$1" || true)
  [[ -z $errors ]] || report declined "its files can't be listed: ${errors%%$'\n'*}"
}

# sum_of FILE: adds the numbers in a file; each is followed by a plus sign.
sum_of() { echo "$(($(<"$1")0))"; }

# count_types LISTS: sets `count` for each type, named as `find -printf %y` names it, and `entries`, the number of all.
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

# owners_of LISTS: prints, as JSON, the users that most entries belong to, with the number of entries of each.
owners_of() {
  local number uid found=()
  while read -r number uid; do found+=("$(json_object uid "$uid" count "$number")"); done < <(
    sort "$1/owners" | uniq --count | sort --numeric-sort --reverse | sed --quiet '1,5p'
  )
  json_array "${found[@]}"
}

number_of_names() { tr --complement --delete '\0' <"$1" | wc --bytes; }

# sparse_of LISTS: prints the number of files that take less space than their size: find's `%S` is 0.5 or 6.1e-05 for
# them.
sparse_of() { grep --count --extended-regexp '^0|e-' "$1/fullness" || true; }

# names_of FILE: prints, as JSON, the number of names, each ended by NUL, and the first of them.
names_of() {
  local names=() number=0
  [[ ! -s $1 ]] || number=$(number_of_names "$1")
  mapfile -d '' -t -n "$told_names" names <"$1"
  json_object count "$number" names "$(json_strings "${names[@]}")"
}

# Prints the first paths of a file, for messages.
named() {
  local path paths=() found=()
  mapfile -d '' -t -n 5 paths <"$1"
  for path in "${paths[@]}"; do found+=("$(json_string "${path:-.}")"); done
  echo "${found[*]}"
}

# Prints the names that are not UTF-8; the input is names with bytes beyond ASCII.
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

# Sets links (files with several names) and outside (those with names outside the tree), and adds their sizes to bytes
# and blocks.
# shellcheck disable=SC2034
count_links() {
  local seen names size taken
  links=0 outside=0
  while read -r seen _ names size taken; do
    ((links += 1, bytes += size, blocks += taken))
    ((seen == names)) || ((outside += 1))
  done < <(sort "$1" | uniq --count)
}
