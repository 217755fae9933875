#!/usr/bin/env bash
# Runs a command, and writes the wall, user and system seconds of it and of all processes it waited for into a file.
# usage: time.sh FILE COMMAND [ARGUMENT...]
set -euo pipefail

main() {
  local file=$1
  shift
  local TIMEFORMAT='%3R %3U %3S'
  # The times go to the file; the command's own output goes where it would go without this script.
  { time "$@" 2>&3; } 3>&2 2>"$file"
}

main "$@"
