# shellcheck shell=bash
# A script's report: it gathers facts as it runs, and prints one line of JSON at its end. Needs nothing but bash,
# because a node may have neither jq nor Python.

facts=()

json_string() {
  local json
  set_json "$1"
  printf '%s' "$json"
}

# Sets `json` to a text as JSON, without starting a process. Bytes that are not UTF-8 stay as they are: the reader of
# the line replaces them with U+FFFD.
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

# json_object NAME JSON [NAME JSON...]: prints an object.
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

# json_array [JSON...]: prints a list.
json_array() {
  local IFS=,
  printf '[%s]' "$*"
}

# json_strings [TEXT...]: prints a list of strings.
json_strings() {
  local text json encoded=()
  for text in "$@"; do
    set_json "$text"
    encoded+=("$json")
  done
  json_array "${encoded[@]}"
}

# fact NAME TEXT: adds a fact to the report.
fact() {
  local json
  set_json "$2"
  facts+=("$1" "$json")
}

# fact_json NAME JSON: adds a fact that is a number, list or object.
fact_json() { facts+=("$1" "$2"); }

# report changed|unchanged, or report declined REASON [CODE]: ends the script. CODE is one of
# lib/scripts/decline-codes.ts, for a reason that a program or a test tells apart from others.
report() {
  local result=$1 reason=${2:-} code=${3:-}
  undo_all
  json_object result "$(json_string "$result")" reason "$(json_string "$reason")" code "$(json_string "$code")" \
    facts "$(json_object "${facts[@]}")"
  echo
  exit 0
}
