#!/usr/bin/env bash
# Makes a file system of ours on a LUN that is the one that was planned with, that this node does nothing with, and of
# which no byte was ever written by anybody else; then marks it as being built.
#
# The file system is made in memory first. A LUN is written to only where each of its bytes is zero or already the one that
# would be written: so what a former run left half made is told from anything else, and finished.
#
# Facts: fileSystem.

# shellcheck source=lib/scripts/bash/target-iscsi.sh
source bash/target-iscsi.sh
# shellcheck source=lib/scripts/bash/image.sh
source bash/image.sh

: "${attempt:?}"
# Of the PersistentVolume
: "${volume:?}"

# The first blocks come last: only a whole file system is recognised as one.
write_image() {
  dd if="$image" of="$device" bs=64K skip=1 seek=1 conv=sparse,notrunc,fsync status=none
  dd if="$image" of="$device" bs=64K count=1 conv=notrunc,fsync status=none
  blockdev --flushbufs "$device"
  udevadm settle --timeout=60
}

mark() {
  require_untouched
  mount_target "$type"
  # Its journal is played back now.
  read_names "$target"
  require_untouched
  write_marker "$target" building "$attempt" "$volume" "$uuid"
  read_marker "$target"
}

result=unchanged
open_target
require_unused "$device"
if [[ $(uuid_of "$device") != "$uuid" ]]; then
  make_image
  require_blank "$device" "$image"
  write_image
  result=changed
fi
look_at_target "$type"
if [[ -z $marker_text ]]; then
  mark
  result=changed
fi
require_marker building "$attempt" "$volume" "$uuid"
fact fileSystem "$type"
report "$result"
