#!/usr/bin/env bash
# Zeroes a LUN that holds what one of our attempts, now given up, has left: its file system, marked as being built and
# never sealed, or a part of it. Anything else stays as it is.
#
# The first blocks go last: until then the UUID in them shows whose data the rest is. A partly zeroed file system has no
# marker any more, so a note in front of it records that the marker was checked: ext4 leaves the first 1024 bytes free.
#
# Facts: none.

# shellcheck source=lib/scripts/bash/target-iscsi.sh
source bash/target-iscsi.sh
# shellcheck source=lib/scripts/bash/image.sh
source bash/image.sh

: "${attempt:?}"
# Name of the PersistentVolume
: "${volume:?}"

# Contains the note and the superblock.
readonly FIRST_BLOCKS=4096
readonly PIECE=$((1024 * 1024 * 1024))
wiping="lunward wipes attempt $attempt of $volume, $uuid"

is_being_wiped() {
  [[ $(dd if="$device" bs=4096 count=1 iflag=direct status=none | tr --delete '\0' | head --bytes="${#wiping}") == "$wiping" ]]
}

write_wiping() {
  dd of="$device" bs=512 count=1 conv=sync,notrunc,fsync status=none <<<"$wiping"
  blockdev --flushbufs "$device"
}

require_given_up() {
  look_at_target "$type"
  require_left
  look_again_at_target "$type"
  require_left
}

require_left() {
  if [[ -n $marker_text ]]; then
    require_marker building "$attempt" "$volume" "$uuid"
  else
    require_untouched
  fi
}

# zero FROM TO: returns the space to the NAS if the NAS promises zeros for it; otherwise writes zeros. A plain discard
# promises nothing: reads after it may return anything. `blkdiscard --zeroout` returns no space.
zero() {
  local from length
  for ((from = $1; from < $2; from += PIECE)); do
    length=$(($2 - from < PIECE ? $2 - from : PIECE))
    fallocate --punch-hole --offset "$from" --length "$length" "$device" 2>/dev/null ||
      fallocate --zero-range --offset "$from" --length "$length" "$device"
  done
  blockdev --flushbufs "$device"
}

zero_all() {
  local found
  zero "$FIRST_BLOCKS" "$bytes"
  found=$(first_foreign_byte "$device" /dev/zero "$FIRST_BLOCKS")
  # While the first blocks are still there, the script can be run again.
  [[ $found == none ]] ||
    report declined "$device was zeroed, but does not read as zeros after its first $FIRST_BLOCKS bytes (first other byte: \
$found): the NAS or its disks are at fault; delete the LUN there and create a new one"
  zero 0 "$FIRST_BLOCKS"
  udevadm settle --timeout=60
}

open_target
require_unused "$device"
if [[ $(uuid_of "$device") == "$uuid" ]]; then
  if ! is_being_wiped; then
    require_given_up
    write_wiping
  fi
else
  [[ $(first_foreign_byte "$device" /dev/zero) != none ]] || report unchanged
  # Left by a run that was killed before it wrote or wiped the first blocks.
  make_image
  require_blank "$device" "$image"
fi
zero_all
report changed
