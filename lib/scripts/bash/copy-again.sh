# shellcheck shell=bash disable=SC2154
# Files of which the target has other bytes although size and time agree: no rsync that goes by these would ever mend them.
# Wants bash/hashes.sh, bash/rsync.sh and lib/target-….sh.

# copy_again TYPE PATHS LIST PROCESSES: copies the files from `source`, and puts into LIST, and its hashes, what the disk has of
# them then.
copy_again() {
  local type=$1 paths=$2 list=$3 processes=$4
  mount_target_afresh "$type" rw
  # Nothing vouches for them from now on, however this ends.
  remove_manifest "$target"
  # All names of a file are among them, and stay one file.
  decode <"$paths" | sed --null-data 's,^,./,' >"$private/again"
  rsync "${rsync_options[@]}" --hard-links --ignore-times --from0 --files-from="$private/again" "$source/" "$target/" \
    >"$private/said" 2>"$private/complaints" &
  # Whether they are right then is found by reading them.
  wait "$!" || true
  sync --file-system "$target"

  mount_target_afresh "$type" ro
  list_files "$target" "$list" 0
  joined "$list" "$paths" >"$list.again"
  hash_files "$target" "$list.again" "$processes"
  joined -v 1 "$list.hashes" "$paths" | sorted - "$list.again.hashes" >"$list.mended"
  mv "$list.mended" "$list.hashes"
}
