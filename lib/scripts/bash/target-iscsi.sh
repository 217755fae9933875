# shellcheck shell=bash
# Opens the LUN that the plan names, from login to mount. It is locked while the script runs, and everything is undone
# at the end.

# shellcheck source=lib/scripts/bash/attach.sh
source bash/attach.sh
# shellcheck source=lib/scripts/bash/device.sh
source bash/device.sh
# shellcheck source=lib/scripts/bash/marker.sh
source bash/marker.sh

: "${portal:?}"
: "${iqn:?}"
: "${lun:?}"
# What the plan recorded: size and WWN of the disk, as `probe-lun` reports them
: "${bytes:?}"
: "${wwn:?}"
# User and password, then both of the target if it authenticates too; empty without CHAP
: "${chap[@]-}"

target=''

# Sets `device`, proven to be the disk in the plan.
open_target() {
  find_target
  require_identity "$device" "$bytes" "$wwn"
}

# Sets `device`, of which nothing is proven yet.
find_target() {
  attach "$iqn" "$lun" "${chap[@]}"
  [[ -z $problem ]] || report declined "$iqn can't be used: $problem" no-session
  device=$(device_of "$session" "$lun")
  [[ -n $device ]] || report declined "$iqn shows no LUN $lun to this node" no-lun
}

# Programs and device files of the app are only data here.
readonly TARGET_OPTIONS=noatime,nodev,nosuid,noexec

require_unused_target() { require_unused "$device"; }

# mount_target TYPE: sets `target` to a folder that only this script sees.
mount_target() {
  make_target_folder
  mount --types "$1" --options "$TARGET_OPTIONS" "$device" "$target"
  undo_later umount "$target"
}

# look_at_target TYPE: reads marker and names, and writes nothing: it does not even replay a journal.
look_at_target() {
  local recovery=noload
  [[ $1 != xfs ]] || recovery=norecovery
  look_through "$1" "ro,$recovery"
}

# look_again_at_target TYPE: like look_at_target, but replays the file system's journal, which may hold the last writes.
look_again_at_target() { look_through "$1" rw; }

look_through() {
  make_target_folder
  mount --types "$1" --options "$TARGET_OPTIONS,$2" "$device" "$target"
  read_marker "$target"
  read_names "$target"
  umount "$target"
}

# look_at_unused TYPE UUID: look_at_target, after proof that this node does not use the disk and that its file system is
# the expected one.
look_at_unused() {
  require_unused_target
  require_file_system "$device" "$2"
  look_at_target "$1"
}

# require_building TYPE UUID ATTEMPT VOLUME: this very attempt is still filling the volume, and this node does nothing
# else with it.
require_building() {
  look_at_unused "$1" "$2"
  require_marker building "$3" "$4" "$2"
}

# mount_target_afresh TYPE ro|rw: after this, reads come from the disk. The kernel caches file contents with the mount
# that they were read or written through, and drops them with it; so no process may have the disk mounted in between, in
# any mount namespace. It caches metadata (folders, inodes) with the device, which is flushed. This node can't know
# whether the NAS answers from its own memory.
mount_target_afresh() {
  unmount_target
  require_unused_target
  blockdev --flushbufs "$device"
  mount --types "$1" --options "$TARGET_OPTIONS,$2" "$device" "$target"
}

# For undo_later: unmounts what mount_target_afresh has left.
unmount_target() { ! mountpoint --quiet "$target" || umount "$target"; }

make_target_folder() {
  [[ -z $target ]] || return 0
  target=$(target_note "$iqn" target)
  mkdir --parents "$target"
  undo_later rmdir "$target"
}

remount_target() { mount --options "remount,$TARGET_OPTIONS,$2" "$target"; }

# Prints the bytes read from the disk since the node has known it.
bytes_of_target() {
  local sectors
  read -r _ _ sectors _ <"/sys/block/${device##*/}/stat"
  echo "$((sectors * 512))"
}

# The whole file system belongs to us, so nothing needs to be subtracted.
count_from_here() { :; }

# Prints the bytes and inodes in use; requires bash/progress.sh.
used_of_target() { used_of "$target"; }
