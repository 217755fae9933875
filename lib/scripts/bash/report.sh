# shellcheck shell=bash
# How a script tells what it found and did: facts are gathered on the way, and one line of JSON is the last that it prints.
# Nothing but bash is needed, since a node may have neither jq nor Python.

facts=()

json_string() {
  local json
  set_json "$1"
  printf '%s' "$json"
}

# Sets `json` to a text as JSON, without a process of its own. Bytes that are no UTF-8 stay as they are: what reads the line
# puts a replacement character in their place.
set_json() {
  local backslash=\\ before character escaped
  json=${1//"$backslash"/"$backslash$backslash"}
  json=${json//'"'/"$backslash"'"'}
  while [[ $json == *[[:cntrl:]]* ]]; do
    before=${json%%[[:cntrl:]]*}
    character=${json:${#before}:1}
    printf -v escaped '\\u%04x' "'$character"
    json=${json//"$character"/"$escaped"}
  done
  json=\"$json\"
}

# json_object NAME JSON [NAME JSON...]
json_object() {
  local json members=()
  while (($# > 0)); do
    set_json "$1"
    members+=("$json:$2")
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
  local text json encoded=()
  for text in "$@"; do
    set_json "$text"
    encoded+=("$json")
  done
  json_array "${encoded[@]}"
}

# fact NAME TEXT
fact() {
  local json
  set_json "$2"
  facts+=("$1" "$json")
}

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
