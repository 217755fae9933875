# shellcheck shell=bash disable=SC2154
# The LUN that data is moved from, seen so that nothing can be written to it, and by this script alone. Where the app uses it on
# this node, it is looked at through the node's own mount, and nobody logs in; where nobody does, it is mounted for that. What
# bash/source-nfs.sh is for a folder of an NFS server.

# shellcheck source=lib/scripts/bash/iscsi.sh
source bash/iscsi.sh
# shellcheck source=lib/scripts/bash/device.sh
source bash/device.sh
# shellcheck source=lib/scripts/bash/marker.sh
source bash/marker.sh
# shellcheck source=lib/scripts/bash/mounted.sh
source bash/mounted.sh
# shellcheck source=lib/scripts/bash/private.sh
source bash/private.sh

: "${source_portal:?}"
: "${source_iqn:?}"
: "${source_lun:?}"
# What was planned with: size and name of the disk, and the UUID of its file system
: "${source_bytes:?}"
: "${source_wwn:?}"
: "${source_uuid:?}"
# Of the PersistentVolume
: "${source_volume:?}"
# As which it was sealed, by the journal; empty where lunward has not put its data there
: "${source_attempt?}"
# yes: the app runs on this node; no: nobody anywhere may use it
: "${source_used:?}"
: "${source_chap[@]-}"

source_name="LUN $source_lun of $source_iqn"
source_device=''

# mount_source [NAME]: sets `source`; wants private_folder. Mounted once more, it remembers nothing of what was seen before, unless
# the app uses it: then what the node remembers is what is true.
mount_source() {
  [[ -n $source_device ]] || open_source
  if [[ $source_used == yes ]]; then require_seen; else mount_source_afresh; fi
  require_source_marker
  source_sectors=$(sectors_read)
}

open_source() {
  local portal=$source_portal session='' problem='' found
  if [[ $source_used == yes ]]; then
    session=$(session_of "$source_iqn")
    [[ -n $session ]] || report declined "this node is not logged in to $source_iqn, and the app was to run here on it: it has ended, or \
moved to another node; run the command again"
  else
    attach "$source_iqn" "${source_chap[@]}"
    [[ -z $problem ]] || report declined "$source_iqn can't be used: $problem"
  fi
  source_device=$(device_of "$session" "$source_lun")
  [[ -n $source_device ]] || report declined "$source_iqn shows no LUN $source_lun to this node"
  require_size "$source_device" "$source_bytes"
  require_called "$source_device" "$source_wwn"
  found=$(uuid_of "$source_device")
  [[ $found == "$source_uuid" ]] || report declined "the file system on $source_device has UUID ${found:-none}, expected $source_uuid: \
it is another volume, or it was formatted anew"
  source_type=$(content_of "$source_device")
  require_type "$source_device" "$source_type"
  if [[ $source_used == yes ]]; then
    look_through_app
  else
    require_unused "$source_device"
    require_clean "$source_device" "$source_type"
    blockdev --setro "$source_device"
    undo_later blockdev --setrw "$source_device"
    undo_later unmount_source
  fi
}

# The node's own mount, made read-only for this script. As long as it is held, the node can't unmount the volume and log out under
# it, nor can the app begin to run elsewhere: so this ends once the app has.
look_through_app() {
  source=$(mounted_at "$source_device")
  [[ -n $source ]] || report declined "$source_device is not mounted where this node's own programs see it, and the app was to run \
here on it (it is $(use_of "${source_device##*/}")): it has ended, or it is mounted in a way that is not known here; run the command again"
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
    report declined "$source_name is not mounted at $source any more: the app has ended on this node; run the command again"
}

# How often the node has it mounted for pods.
pod_mounts() { grep --count " $(<"/sys/block/${source_device##*/}/dev") / .*/pods/" /proc/1/mountinfo || true; }

watch_app() {
  while [[ $(pod_mounts) != 0 ]]; do sleep 1; done
  : >"$private/ended"
  kill -TERM $$
}

end_with_app() {
  [[ -e $private/ended ]] || exit 143
  report declined "the app has ended on this node, or is being started anew: what it wrote last may not be here; run the command again"
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
  # The journal is empty: whatever state it is in, nothing is played back.
  mount --types "$source_type" --options "ro,nosuid,nodev,noexec,noatime,$(without_journal "$source_type")" "$source_device" "$source"
}

unmount_source() { ! mountpoint --quiet "$private/source" || umount "$private/source"; }

# It is the volume that is live, and not what an attempt has left half made.
require_source_marker() {
  local marker_text
  read_marker "$source"
  if [[ -n $source_attempt ]]; then
    require_marker sealed "$source_attempt" "$source_volume" "$source_uuid"
  elif [[ -n $marker_text ]]; then
    require_marker sealed "$(marker attempt)" "$source_volume" "$source_uuid"
  fi
}

# How many bytes have been read from the disk since it was mounted; by the app too, where it runs.
bytes_from_source() { echo "$((($(sectors_read) - source_sectors) * 512))"; }

sectors_read() {
  local sectors
  read -r _ _ sectors _ <"/sys/block/${source_device##*/}/stat"
  echo "$sectors"
}

# A program that has mapped a file may write to it long after the ctime that this gives it, until the kernel has written those bytes
# to the disk. Behind this, the next such change gives it a later one.
settle_source() { [[ $source_used == no ]] || sync --file-system "$source"; }

# See bash/source-nfs.sh.
# shellcheck disable=SC2034
read_abilities() { version=$source_type xattrs=true posixAcls=true nfs4Acls=false; }
