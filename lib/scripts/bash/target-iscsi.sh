# shellcheck shell=bash
# The LUN that a plan names, from login to mount. It is locked, and everything is taken back at the end.

# shellcheck source=lib/scripts/bash/iscsi.sh
source bash/iscsi.sh
# shellcheck source=lib/scripts/bash/device.sh
source bash/device.sh
# shellcheck source=lib/scripts/bash/marker.sh
source bash/marker.sh

: "${portal:?}"
: "${iqn:?}"
: "${lun:?}"
# What was planned with: size and name of the disk, as `probe-lun` tells them
: "${bytes:?}"
: "${wwn:?}"
# User, password, and both of the target where it proves itself as well; none without CHAP
: "${chap[@]-}"

target=''

# Sets `device`, once it is proven to be the one that was planned with.
open_target() {
  find_target
  require_identity "$device" "$bytes" "$wwn"
}

# Sets `device`, of which nothing is proven yet.
find_target() {
  attach "$iqn" "${chap[@]}"
  [[ -z $problem ]] || report declined "$iqn can't be used: $problem"
  device=$(device_of "$session" "$lun")
  [[ -n $device ]] || report declined "$iqn shows no LUN $lun to this node"
}

# What the apps made executable or a device is data here.
readonly TARGET_OPTIONS=noatime,nodev,nosuid,noexec

require_unused_target() { require_unused "$device"; }

# mount_target TYPE: sets `target` to a folder that nobody else sees.
mount_target() {
  make_target_folder
  mount --types "$1" --options "$TARGET_OPTIONS" "$device" "$target"
  undo_later umount "$target"
}

# look_at_target TYPE: reads marker and names, and writes nothing: not even a journal is played back.
look_at_target() {
  local recovery=noload
  [[ $1 != xfs ]] || recovery=norecovery
  look_through "$1" "ro,$recovery"
}

# look_again_at_target TYPE: the same with the journal of the file system played back, which may say what was written last.
look_again_at_target() { look_through "$1" rw; }

look_through() {
  make_target_folder
  mount --types "$1" --options "$TARGET_OPTIONS,$2" "$device" "$target"
  read_marker "$target"
  read_names "$target"
  umount "$target"
}

# look_at_unused TYPE UUID: look_at_target, once it is proven that this node does nothing with the disk, and that the file
# system on it is the one that is meant.
look_at_unused() {
  local found
  require_unused_target
  found=$(uuid_of "$device")
  [[ $found == "$2" ]] ||
    report declined "the file system on $device has UUID ${found:-none}, expected $2: it is another volume, or it was formatted anew"
  look_at_target "$1"
}

# require_building TYPE UUID ATTEMPT VOLUME: it is the volume of this very attempt, still being filled, and this node does
# nothing else with it.
require_building() {
  look_at_unused "$1" "$2"
  require_marker building "$3" "$4" "$2"
}

# mount_target_afresh TYPE ro|rw: what is read from then on comes from the disk. The contents of files are remembered with
# the mount that they were read or written through, and forgotten with it; so nothing may have it mounted in between, in
# whatever mount namespace. What lies between files (folders, inodes) is remembered with the device, which is flushed. Whether
# the NAS answers from its own memory can't be told from here.
mount_target_afresh() {
  unmount_target
  require_unused_target
  blockdev --flushbufs "$device"
  mount --types "$1" --options "$TARGET_OPTIONS,$2" "$device" "$target"
}

# Wherever mount_target_afresh has left it; for undo_later.
unmount_target() { ! mountpoint --quiet "$target" || umount "$target"; }

make_target_folder() {
  [[ -z $target ]] || return 0
  target=$(target_note "$iqn" target)
  mkdir --parents "$target"
  undo_later rmdir "$target"
}

remount_target() { mount --options "remount,$TARGET_OPTIONS,$2" "$target"; }

# How many bytes were read from its disk, since the node knows that.
bytes_of_target() {
  local sectors
  read -r _ _ sectors _ <"/sys/block/${device##*/}/stat"
  echo "$((sectors * 512))"
}

# All of it is ours.
count_from_here() { :; }

# Bytes and inodes that are taken there; wants bash/progress.sh.
used_of_target() { used_of "$target"; }
