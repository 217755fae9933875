# shellcheck shell=bash disable=SC2154
# How much of both sides was read. Wants lib/source-….sh, lib/target-….sh, bash/tree.sh and lists.

target_before=0

# Since target_before was what it says.
bytes_from_target() {
  echo "$(($(bytes_of_target) - target_before))"
}

# Of `total` bytes of both sides, for tell_progress.
hashed_so_far() {
  local bytes=$(($(bytes_from_source) + $(bytes_from_target)))
  # Folders and the like are read as well.
  echo "$((bytes < total ? bytes : total)) $(cat "$lists"/*.parts/*.hashed "$lists"/*.hashes 2>/dev/null | number_of_names /dev/stdin)"
}
