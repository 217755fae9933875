#!/usr/bin/env bash
# Fills a folder with more than fits into anybody's memory: large-tree.sh FOLDER GIBIBYTES FILES
# One file of at least so many GiB, and so many small ones, every tenth of them empty, a hundred in a folder.
set -euo pipefail
export LC_ALL=C

main() {
  local folder=$1 blocks=$(($2 * 64)) files=$3 number
  cd "$folder"
  head --bytes=16M /dev/urandom >block
  # The number moves what is behind it: no block of the disk is like another.
  for ((number = 0; number < blocks; number++)); do
    echo "$number"
    cat block
  done >large
  rm block
  for ((number = 0; number < files; number++)); do
    ((number % 100 > 0)) || {
      mkdir "$((number / 100))"
      cd "$((number / 100))"
    }
    if ((number % 10 == 0)); then : >"$number"; else echo "$number" >"$number"; fi
    ((number % 100 < 99)) || cd ..
  done
  # What was changed within two seconds before the last change is never trusted to stay as it is.
  sleep 3
  : >last
  sync
}

main "$@"
