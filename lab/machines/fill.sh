#!/usr/bin/env bash
# Fills the file system of the folder $1 with the file $3 until no more than $2 (such as 0 or 10Mi) is free.
set -euo pipefail

folder=$1 leave=$(numfmt --from=auto "$2") ballast=$3
# With what is kept for root, who else could go on writing.
read -r blocks size < <(stat --file-system --format '%f %S' "$folder")
free=$((blocks * size))
fallocate --length "$((free > leave ? free - leave : 1))" "$ballast"
# What is left over is too small for fallocate: the last blocks go one by one.
if ((leave == 0)); then
  cat /dev/zero >>"$ballast" 2>/dev/null || true
fi
sync --file-system "$folder"
