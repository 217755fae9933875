# shellcheck shell=bash disable=SC2154
# A sealed volume, whether the app uses it on this node or nothing does. Requires bash/target-*.sh.

# shellcheck source=lib/scripts/bash/mounted.sh
source bash/mounted.sh

# yes: the app runs on this node; no: nothing may use the LUN here
: "${used:?}"

# require_session: where the app runs, there is a session. The script does not log in to get one: the app may just have
# started on another node.
require_session() {
  [[ $used == no || -n $(session_of "$iqn") ]] ||
    report declined "this node is not logged in to $iqn, but the app should run here: it has ended, or moved to another node; run \
the command again" app-ended
}

# Sets `type` to the type of the file system on the device.
read_type() {
  type=$(content_of "$device")
  require_type "$device" "$type"
}

# find_root: sets `root` to the app's own mount of the volume.
find_root() {
  require_file_system "$device" "$uuid"
  root=$(mounted_at "$device")
  [[ -n $root ]] || report declined "this node's own programs do not see $device mounted, but the app should run here (the disk is \
$(use_of "${device##*/}")): the app has ended, or mounts it in a way that Lunward does not know; run the command again" app-ended
}
