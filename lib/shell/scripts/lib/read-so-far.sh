# shellcheck shell=bash disable=SC2154
# How much of both sides was read. Wants lib/source-….sh, lib/target.sh, lib/tree.sh and lists.

disk_before=0

# Since disk_before was what it says.
bytes_from_disk() {
  local sectors
  read -r _ _ sectors _ <"/sys/block/${device##*/}/stat"
  echo "$((sectors * 512 - disk_before))"
}

# Of `total` bytes of both sides, for tell_progress.
hashed_so_far() {
  local bytes=$(($(bytes_from_source) + $(bytes_from_disk)))
  # Folders and the like are read as well.
  echo "$((bytes < total ? bytes : total)) $(cat "$lists"/*.parts/*.hashed "$lists"/*.hashes 2>/dev/null | number_of_names /dev/stdin)"
}
