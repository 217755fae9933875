# shellcheck shell=bash disable=SC2154
# Counts the bytes read from both sides. Requires bash/source-*.sh, bash/target-*.sh, bash/tree.sh and lists.

target_before=0

# Counts from the moment that target_before was set.
bytes_from_target() {
  echo "$(($(bytes_of_target) - target_before))"
}

# Prints bytes and files for tell_progress; `total` is the bytes of both sides.
hashed_so_far() {
  local bytes=$(($(bytes_from_source) + $(bytes_from_target)))
  # Reads of folders and metadata count too, so the sum can exceed the total.
  echo "$((bytes < total ? bytes : total)) $(cat "$lists"/*.parts/*.hashed "$lists"/*.hashes 2>/dev/null | number_of_names /dev/stdin)"
}
