#!/usr/bin/env bash
# Fills the file system of the folder $1 with the file $3 until no more than $2 (such as 0 or 10Mi) is free.
set -euo pipefail

folder=$1 leave=$(numfmt --from=auto "$2") ballast=$3
trap 'rm -f "$ballast"' ERR

device=$(basename "$(realpath "$(findmnt --noheadings --output SOURCE --target "$folder")")")
block=$(stat --file-system --format %S "$folder")
# What ext4 keeps back for itself counts as free, and nobody gets it: ext4_statfs() in fs/ext4/super.c.
kept=0
[[ ! -e /sys/fs/ext4/$device/reserved_clusters ]] || kept=$((block * $(</sys/fs/ext4/"$device"/reserved_clusters)))

# With what is kept for root, who else could go on writing.
free() { echo $(($(stat --file-system --format %f "$folder") * block - kept)); }

# In ever smaller steps: what describes the file takes room of its own, how much is not known before.
size=0 step=$((1 << 40))
while ((step >= block)); do
  if (($(free) - leave >= step)) && fallocate --offset "$size" --length "$step" "$ballast" 2>/dev/null; then
    size=$((size + step))
  else
    step=$((step / 2))
  fi
done
# The last blocks go one by one.
if ((leave == 0)); then
  cat /dev/zero >>"$ballast" 2>/dev/null || true
fi
sync --file-system "$folder"
