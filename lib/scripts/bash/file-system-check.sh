# shellcheck shell=bash disable=SC2034
# Checks of a file system that nothing uses. Each sets `result`: `unchanged` if nothing was wrong, `changed` if something was
# repaired; `said`: the last line of the check; and, if it needs an answer of a person, `needs_answer` and `repair`, the
# command that asks for it.

result=unchanged
said=''
needs_answer=''
repair=''

# e2fsck ends with 1 or 2 if it has repaired everything.
check_ext4() {
  local device=$1 code=0 header
  repair="e2fsck -f DISK"
  said=$(e2fsck -p -E journal_only "$device" 2>&1) || code=$?
  ((code < 4)) || {
    needs_answer="the journal of the ext4 on $device can't be replayed: $(last_line "$said")"
    return 0
  }
  header=$(dumpe2fs -h "$device" 2>/dev/null)
  code=0
  said=$(e2fsck -f -n "$device" 2>&1) || code=$?
  said=$(last_line "$said")
  ((code > 0)) || has_recorded_errors "$header" || return 0
  code=0
  said=$(e2fsck -f -p "$device" 2>&1) || code=$?
  ((code < 4)) || {
    # Its first line is what is wrong, its last one advice.
    needs_answer="e2fsck needs an answer to repair the ext4 on $device: $(last_line "${said%%$'\n'*}")"
    return 0
  }
  said=$(last_line "$said")
  result=changed
}

# has_recorded_errors HEADER: the superblock has, by the output of `dumpe2fs -h`.
has_recorded_errors() { grep --quiet --extended-regexp '^(Filesystem state: .*error|FS Error count: +[1-9])' <<<"$1"; }

# check_xfs DEVICE FOLDER: only a mount replays the log of XFS; xfs_repair would discard it.
check_xfs() {
  local device=$1 folder=$2 code=0
  repair="xfs_repair DISK"
  mkdir --parents "$folder"
  undo_later rmdir "$folder"
  said=$(mount --types xfs --options rw,noatime,nodev,nosuid,noexec "$device" "$folder" 2>&1) || {
    needs_answer="the XFS on $device can't be mounted, so its log can't be replayed: $(last_line "$said")"
    return 0
  }
  umount "$folder"
  said=$(xfs_repair -n "$device" 2>&1) || code=$?
  said=$(last_line "$said")
  ((code == 0)) || needs_answer="xfs_repair -n finds errors in the XFS on $device (it ended with $code)"
}

last_line() { sed '/^[[:space:]]*$/d' <<<"$1" | tail -n 1; }
