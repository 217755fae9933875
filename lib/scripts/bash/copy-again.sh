# shellcheck shell=bash disable=SC2154
# Copies files again whose bytes differ on the target although size and time agree: an rsync that compares size and time
# would never repair them. Requires bash/hashes.sh, bash/rsync.sh and bash/target-*.sh.

# copy_again TYPE PATHS LIST PROCESSES: copies the files from `source`, then lists and hashes in LIST what the disk has
# of them.
copy_again() {
  local type=$1 paths=$2 list=$3 processes=$4
  mount_target_afresh "$type" rw
  # From now on nothing vouches for these files, however this ends.
  remove_manifest "$target"
  # PATHS has every name of a file, so the names stay one file.
  decode <"$paths" | sed --null-data 's,^,./,' >"$private/again"
  rsync "${rsync_options[@]}" --hard-links --ignore-times --from0 --files-from="$private/again" "$source/" "$target/" \
    >"$private/said" 2>"$private/complaints" &
  # Reading the files back shows whether the copy is right.
  wait "$!" || true
  sync --file-system "$target"

  mount_target_afresh "$type" ro
  list_files "$target" "$list" 0
  joined "$list" "$paths" >"$list.again"
  hash_files "$target" "$list.again" "$processes"
  joined -v 1 "$list.hashes" "$paths" | sorted - "$list.again.hashes" >"$list.mended"
  mv "$list.mended" "$list.hashes"
}
