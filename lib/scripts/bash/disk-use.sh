# shellcheck shell=bash
# How this node uses a disk.

shopt -s nullglob

# use_of NAME: prints how this node uses a LUN, through whatever session it sees it; nothing if it does not.
use_of() {
  local name use
  use=$(use_of_disk "$1")
  if [[ -n $use ]]; then
    echo "$use"
    return
  fi
  while IFS= read -r name; do
    use=$(use_of_disk "$name")
    [[ -z $use ]] || {
      echo "$use, as $name"
      return
    }
  done < <(same_luns "$1")
}

# same_luns NAME: prints the other disks of this node that are the same LUN.
same_luns() {
  local wwid file
  wwid=$(cat "/sys/block/$1/device/wwid" 2>/dev/null || true)
  [[ -n $wwid ]] || return 0
  while IFS= read -r file; do
    file=${file%/device/wwid}
    [[ ${file##*/} == "$1" ]] || echo "${file##*/}"
  done < <(grep --files-with-matches --fixed-strings --line-regexp --regexp "$wwid" /sys/block/*/device/wwid 2>/dev/null || true)
}

# use_of_disk NAME: how this node uses a disk, in any mount namespace. What other programs hold shows only when it is
# opened: require_unused does that.
use_of_disk() {
  local name=$1 holders=("/sys/block/$1/holders"/*) mountpoint
  mountpoint=$(findmnt --noheadings --first-only --output TARGET --source "/dev/$name" || true)
  if [[ -n $mountpoint ]]; then
    echo "mounted at $mountpoint"
    return
  fi
  mountpoint=$(mounted_elsewhere "$name")
  if [[ -n $mountpoint ]]; then
    echo "mounted, as process ${mountpoint%% *} sees it"
  elif ((${#holders[@]} > 0)); then
    echo "held by ${holders[0]##*/}: LVM, multipath or a RAID has claimed it"
  elif grep --quiet "^/dev/$name " /proc/swaps; then
    echo 'used for swap'
  fi
}

# use_of_removed NAME: use_of_disk, asked right before the disk is removed. It sees the disk claimed, too: the kubelet checks
# a file system, and only then mounts it.
use_of_removed() {
  local use said
  use=$(use_of_disk "$1")
  if [[ -z $use ]]; then
    said=$(open_exclusively "/dev/$1") || [[ ${said,,} != *'resource busy' ]] || use='claimed by another process'
  fi
  echo "$use"
}

# open_exclusively DEVICE: opens a disk for writing, exclusively, and writes nothing. If it fails it prints why.
open_exclusively() { { wipefs --all --no-act "$1" >/dev/null; } 2>&1; }

# mounted_elsewhere NAME: prints a process that sees the disk, or a part of it, mounted, in any mount namespace, and the
# mount point as /proc/self/mountinfo has it.
mounted_elsewhere() {
  local part numbers line file point
  for part in "/sys/block/$1" "/sys/block/$1/$1"*; do
    numbers=$(<"$part/dev")
    line=$(grep --max-count=1 --with-filename --fixed-strings " $numbers " /proc/[0-9]*/mountinfo 2>/dev/null | head -n 1 || true)
    [[ -z $line ]] || {
      read -r file _ _ _ point _ <<<"$line"
      file=${file#/proc/}
      echo "${file%%/*} $point"
      return
    }
  done
}
