#!/usr/bin/env bash
# Fills a folder of the NAS with files of which no block is like another: files.sh FOLDER LARGE MEBIBYTES SMALL
# So many large files of so many MiB each, and so many small ones of 4 KiB.
set -euo pipefail

main() {
  local folder=$1 large=$2 mebibytes=$3 small=$4 number
  cd "$folder"
  for ((number = 0; number < large; number++)); do
    dd if=/dev/urandom of="large-$number" bs=1M count="$mebibytes" status=none
  done
  if ((small > 0)); then
    head --bytes="$((small * 4096))" /dev/urandom | split --bytes=4096 --suffix-length=4 --numeric-suffixes - small-
  fi
  sync
}

main "$@"
