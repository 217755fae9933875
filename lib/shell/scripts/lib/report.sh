# shellcheck shell=bash
# How a script tells what it found and did: facts are gathered on the way, and one line of JSON is the last that it prints.
# Nothing but bash is needed, since a node may have neither jq nor Python.

facts=()

# Bytes that are no UTF-8 stay as they are: what reads the line puts a replacement character in their place.
json_string() {
  local text=$1 encoded='' character index
  if [[ $text == *[[:cntrl:]\"\\]* ]]; then
    for ((index = 0; index < ${#text}; index++)); do
      character=${text:index:1}
      case $character in
      '"' | \\) encoded+=\\$character ;;
      [[:cntrl:]]) printf -v character '\\u%04x' "'$character" && encoded+=$character ;;
      *) encoded+=$character ;;
      esac
    done
    text=$encoded
  fi
  printf '"%s"' "$text"
}

# json_object NAME JSON [NAME JSON...]
json_object() {
  local members=()
  while (($# > 0)); do
    members+=("$(json_string "$1"):$2")
    shift 2
  done
  local IFS=,
  printf '{%s}' "${members[*]}"
}

# json_array [JSON...]
json_array() {
  local IFS=,
  printf '[%s]' "$*"
}

# json_strings [TEXT...]
json_strings() {
  local text encoded=()
  for text in "$@"; do encoded+=("$(json_string "$text")"); done
  json_array "${encoded[@]}"
}

# fact NAME TEXT
fact() { facts+=("$1" "$(json_string "$2")"); }

# fact_json NAME JSON, for numbers, lists and objects
fact_json() { facts+=("$1" "$2"); }

# report changed|unchanged, or declined with the reason: the end of the script.
report() {
  local result=$1 reason=${2:-}
  undo_all
  json_object result "$(json_string "$result")" reason "$(json_string "$reason")" facts "$(json_object "${facts[@]}")"
  echo
  exit 0
}
