#!/usr/bin/env bash
# Fills a folder of the NAS with files of which no block is like another: files.sh FOLDER LARGE SIZE SMALL [SIZE]
# So many large files of such a size each, as 64M, and so many small ones of so many bytes, by default 4096.
set -euo pipefail

main() {
  local folder=$1 large=$2 size=$3 small=$4 bytes=${5:-4096} number
  cd "$folder"
  for ((number = 0; number < large; number++)); do
    head --bytes="$size" /dev/urandom >"large-$number"
  done
  if ((small > 0)); then
    head --bytes="$((small * bytes))" /dev/urandom | split --bytes="$bytes" --suffix-length=4 --numeric-suffixes - small-
  fi
  sync
}

main "$@"
