# shellcheck shell=bash disable=SC2154
# Opens the LUN that data is moved from, so that nothing can be written to it and only this script sees it. If the app
# uses it on this node, the script reads through the node's own mount and does not log in. If nothing uses it, the
# script mounts it. The counterpart of bash/source-nfs.sh.

# shellcheck source=lib/scripts/bash/attach.sh
source bash/attach.sh
# shellcheck source=lib/scripts/bash/device.sh
source bash/device.sh
# shellcheck source=lib/scripts/bash/marker.sh
source bash/marker.sh
# shellcheck source=lib/scripts/bash/mounted.sh
source bash/mounted.sh
# shellcheck source=lib/scripts/bash/private.sh
source bash/private.sh
# shellcheck source=lib/scripts/bash/left-behind.sh
source bash/left-behind.sh

: "${source_portal:?}"
: "${source_iqn:?}"
: "${source_lun:?}"
# What the plan recorded: size and WWN of the disk, and the UUID of its file system
: "${source_bytes:?}"
: "${source_wwn:?}"
: "${source_uuid:?}"
# Name of the PersistentVolume
: "${source_volume:?}"
# The attempt that the journal says it was sealed as; empty if Lunward did not put its data there
: "${source_attempt?}"
# yes: the app runs on this node; no: no node may use it
: "${source_used:?}"
: "${source_chap[@]-}"

source_name="LUN $source_lun of $source_iqn"
source_device=''

# mount_source [NAME]: sets `source`; requires private_folder. A second call mounts it again, without anything cached
# from before. While the app uses the LUN nothing is mounted again: then the node's cache is what counts.
mount_source() {
  [[ -n $source_device ]] || open_source
  if [[ $source_used == yes ]]; then require_seen; else mount_source_afresh; fi
  require_source_marker
  source_sectors=$(sectors_read)
}

open_source() {
  local portal=$source_portal session='' problem=''
  if [[ $source_used == yes ]]; then
    session=$(session_of "$source_iqn")
    [[ -n $session ]] || report declined "this node is not logged in to $source_iqn, but the app should run here: it has ended, or moved to \
another node; run the command again" app-ended
  else
    attach "$source_iqn" "$source_lun" "${source_chap[@]}"
    [[ -z $problem ]] || report declined "$source_iqn can't be used: $problem" no-session
  fi
  source_device=$(device_of "$session" "$source_lun")
  [[ -n $source_device ]] || report declined "$source_iqn shows no LUN $source_lun to this node" no-lun
  require_size "$source_device" "$source_bytes"
  require_called "$source_device" "$source_wwn"
  require_file_system "$source_device" "$source_uuid"
  source_type=$(content_of "$source_device")
  require_type "$source_device" "$source_type"
  if [[ $source_used == yes ]]; then
    look_through_app
  else
    require_unused "$source_device"
    require_clean "$source_device" "$source_type"
    undo_later unmount_source
  fi
}

# Makes the node's own mount read-only for this script. While this script holds it, the node can't unmount the volume
# and log out, and the app can't start elsewhere. So the script ends when the app has ended.
look_through_app() {
  source=$(mounted_at "$source_device")
  [[ -n $source ]] || report declined "this node's own programs do not see $source_device mounted, but the app should run here (the \
disk is $(use_of "${source_device##*/}")): the app has ended, or mounts it in a way that Lunward does not know; run the command again" app-ended
  mount --options remount,bind,ro,nodev,nosuid,noexec,noatime "$source"
  exec {source_held}<"$source"
  undo_later let_go
  require_seen
  [[ $(pod_mounts) != 0 ]] || return 0
  trap end_with_app TERM
  watch_app >/dev/null 2>&1 {source_held}<&- &
  watcher=$!
}

require_seen() {
  [[ $(mountpoint --fs-devno "$source" 2>/dev/null) == "$(<"/sys/block/${source_device##*/}/dev")" ]] ||
    report declined "$source_name is no longer mounted at $source: the app has ended on this node; run the command again" app-ended
}

# Prints how many times the node has the disk mounted for pods.
pod_mounts() { grep --count " $(<"/sys/block/${source_device##*/}/dev") / .*/pods/" /proc/1/mountinfo || true; }

watch_app() {
  while [[ $(pod_mounts) != 0 ]]; do sleep 1; done
  : >"$private/ended"
  kill -TERM $$
}

end_with_app() {
  [[ -e $private/ended ]] || exit 143
  report declined "the app has ended on this node or is restarting, so its last writes may be missing here; run the command again" app-ended
}

let_go() {
  [[ -z ${watcher:-} ]] || kill "$watcher" 2>/dev/null || true
  exec {source_held}<&-
}

mount_source_afresh() {
  source=$private/source
  unmount_source
  require_unused "$source_device"
  blockdev --flushbufs "$source_device"
  mkdir --parents "$source"
  mount_unwritten "$source_device" "$source" "$source_type" nosuid,nodev,noexec,noatime
}

unmount_source() { ! mountpoint --quiet "$private/source" || umount "$private/source"; }

# This is the live volume, not what an attempt has left half made.
require_source_marker() {
  local marker_text
  read_marker "$source"
  if [[ -n $source_attempt ]]; then
    require_marker sealed "$source_attempt" "$source_volume" "$source_uuid"
  elif [[ -n $marker_text ]]; then
    require_marker sealed "$(marker attempt)" "$source_volume" "$source_uuid"
  fi
}

# Prints the bytes read from the disk since it was mounted; the app's reads count too, where it runs.
bytes_from_source() { echo "$((($(sectors_read) - source_sectors) * 512))"; }

sectors_read() {
  local sectors
  read -r _ _ sectors _ <"/sys/block/${source_device##*/}/stat"
  echo "$sectors"
}

# A program that has mapped a file can write to it long after the write that set its ctime, until the kernel has written
# the page to the disk. After this sync, the next such write gives a later ctime.
settle_source() { [[ $source_used == no ]] || sync --file-system "$source"; }

# See bash/source-nfs.sh. This node's own clock gives the times.
settling_seconds() { echo 2; }

# See bash/source-nfs.sh.
# shellcheck disable=SC2034
read_abilities() { version=$source_type xattrs=true posixAcls=true nfs4Acls=false; }
