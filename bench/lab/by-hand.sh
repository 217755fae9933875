#!/usr/bin/env bash
# Copies an NFS folder to a disk as people do by hand, and prints the microseconds until all of it is on the disk:
# by-hand.sh dd|cp|rsync SERVER:PATH DEVICE
# dd overwrites the disk from its beginning; the others copy to the file system on it.
set -euo pipefail
export LC_ALL=C

undo() {
  ! mountpoint --quiet "$target" || umount "$target"
  ! mountpoint --quiet "$source" || umount "$source"
  rmdir "$target" "$source"
}

copy_by_dd() {
  local file place=0
  for file in "$source"/*; do
    # As much as rsync writes at a time.
    dd if="$file" of="$device" bs=256K oflag=seek_bytes seek="$place" conv=notrunc status=none
    place=$((place + $(stat --format %s "$file")))
  done
  sync "$device"
}

copy_by_cp() {
  cp --archive "$source/." "$target/"
  sync --file-system "$target"
}

copy_by_rsync() {
  rsync --archive "$source/" "$target/"
  sync --file-system "$target"
}

main() {
  local how=$1 begin
  device=$3
  source=$(mktemp --directory) target=$(mktemp --directory)
  trap undo EXIT
  # Nothing is cached from an earlier mount.
  mount --types nfs --options ro,nfsvers=4.2,nosharecache "$2" "$source"
  [[ $how == dd ]] || mount --options noatime "$device" "$target"
  begin=${EPOCHREALTIME/./}
  "copy_by_$how"
  echo $((${EPOCHREALTIME/./} - begin))
}

main "$@"
