#!/usr/bin/env bash
# Grows the file system of a sealed volume to the full size of its LUN, after the LUN was grown on the NAS. If the app
# runs here, this happens while it runs; if nothing uses the LUN, the script mounts it. It never shrinks anything, and
# touches no file.
#
# Facts: see lib/scripts/lun/grow-volume.ts.

# shellcheck source=lib/scripts/bash/target-iscsi.sh
source bash/target-iscsi.sh
# shellcheck source=lib/scripts/bash/sealed-root.sh
source bash/sealed-root.sh

: "${attempt:?}"
# Name of the PersistentVolume
: "${volume:?}"
# UUID of the file system
: "${uuid:?}"
# The least and the most bytes that the LUN must have: a much larger one is not the requested size
: "${wanted:?}"
: "${most:?}"

# The kernel reads a disk's size when it finds the disk, and after that only on request.
read_size() {
  echo 1 >"/sys/block/${device##*/}/device/rescan" ||
    report declined "the NAS does not answer, so the size of $device is not known; nothing was changed"
  udevadm settle --timeout=60
  lun_bytes=$(blockdev --getsize64 "$device")
  ((lun_bytes >= bytes)) ||
    report declined "LUN $lun of $iqn has $lun_bytes bytes, expected at least $bytes, its size when the volume was sealed or grown: it was \
shrunk, which damages a file system. Restore its size on the NAS before anything writes to it; nothing was changed" other-size
  ((lun_bytes >= wanted)) ||
    report declined "LUN $lun of $iqn has $lun_bytes bytes, expected at least $wanted: grow it on the NAS, then run the command again; nothing was changed" other-size
  ((lun_bytes <= most)) ||
    report declined "LUN $lun of $iqn has $lun_bytes bytes, but the size asked for is $wanted: a volume uses its whole LUN, so ask for \
the size of the LUN; nothing was changed" other-size
}

# Proves what is on the disk before its size counts.
open_root() {
  require_session
  find_target
  require_name "$device" "$wwn"
  read_size
  read_type
  if [[ $used == yes ]]; then
    find_root
    read_marker "$root"
  else
    look_at_unused "$type" "$uuid"
  fi
  require_marker sealed "$attempt" "$volume" "$uuid"
  if [[ $used == no ]]; then
    mount_target "$type"
    root=$target
  fi
}

# As `df` reports it.
capacity() {
  local unit blocks
  read -r unit blocks < <(stat --file-system --format '%S %b' "$root")
  echo "$((unit * blocks))"
}

grow() {
  local said
  if [[ $type == ext4 ]]; then
    said=$(resize2fs "$device" 2>&1)
  else
    said=$(xfs_growfs -d "$root" 2>&1)
  fi || report declined "the file system on $device can't be grown: ${said##*$'\n'}. It has its old size, or was \
grown in part. If it is read-only or has errors, the kernel log (dmesg) says why; fix that, then run the command again" not-grown
}

result=unchanged
open_root
before=$(capacity)
grow
after=$(capacity)
((after == before)) || result=changed
fact fileSystem "$type"
fact_json lunBytes "$lun_bytes"
fact_json capacity "$(json_object before "$before" after "$after")"
report "$result"
