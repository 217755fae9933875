#!/usr/bin/env bash
# Makes a file system on a LUN and marks it as being built. It requires that the LUN is the one in the plan, that this
# node does not use it, and that nothing else was ever written to it.
#
# The file system is made in memory first. The LUN is written to only if each of its bytes is zero or already has its
# final value. So the script recognises what an earlier run left half made, and finishes it.
#
# Facts: fileSystem.

# shellcheck source=lib/scripts/bash/target-iscsi.sh
source bash/target-iscsi.sh
# shellcheck source=lib/scripts/bash/image.sh
source bash/image.sh

: "${attempt:?}"
# Name of the PersistentVolume
: "${volume:?}"

# Writes the first blocks last: only a complete file system is recognised as one.
write_image() {
  dd if="$image" of="$device" bs=64K skip=1 seek=1 conv=sparse,notrunc,fsync status=none
  dd if="$image" of="$device" bs=64K count=1 conv=notrunc,fsync status=none
  blockdev --flushbufs "$device"
  udevadm settle --timeout=60
}

mark() {
  require_untouched
  mount_target "$type"
  # Mounting it has replayed its journal.
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
