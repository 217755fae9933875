# shellcheck shell=bash disable=SC2154
# A sealed volume, wherever it is: in use by the app that runs on this node, or by nobody. Wants lib/target.sh.

# yes: the app runs on this node; no: nothing may be done with the LUN here
: "${used:?}"

# require_session: where the app runs, there is a session. Nobody logs in for it here: it may just have begun to run elsewhere.
require_session() {
  [[ $used == no || -n $(session_of "$iqn") ]] ||
    report declined "this node is not logged in to $iqn, and the app was to run here on it: it has ended, or moved to another node; \
run the command again"
}

# Sets `type`, of the file system on the device.
read_type() {
  type=$(content_of "$device")
  case $type in
  ext4 | xfs) ;;
  *) report declined "$device holds ${type:-nothing that is recognised}, expected ext4 or xfs: it is another volume, or was overwritten" ;;
  esac
}

# find_root: sets `root` to where the app's own mount of the volume can be looked through.
find_root() {
  local found
  found=$(uuid_of "$device")
  [[ $found == "$uuid" ]] ||
    report declined "the file system on $device has UUID ${found:-none}, expected $uuid: it is another volume, or it was formatted anew"
  root=$(mounted_at "$device")
  [[ -n $root ]] || report declined "$device is not mounted where this node's own programs see it, and the app was to run here on it \
(it is $(use_of "${device##*/}")): it has ended, or it is mounted in a way that is not known here; run the command again"
}

# mounted_at DEVICE: a folder through which all of its file system can be seen, as it is mounted already. One that belongs to no
# single pod comes first: a pod is gone only once nobody looks through its own any more.
mounted_at() {
  local numbers found part point other=''
  numbers=$(<"/sys/block/${1##*/}/dev")
  while read -r _ _ found part point _; do
    [[ $found == "$numbers" && $part == / ]] || continue
    # A space is \040.
    printf -v point %b "$point"
    # Something else may lie over it.
    [[ $(mountpoint --fs-devno "$point" 2>/dev/null) == "$numbers" ]] || continue
    if [[ $point != */pods/* ]]; then
      echo "$point"
      return
    fi
    other=$point
  done </proc/self/mountinfo
  echo "$other"
}

# require_clean: what a file system holds is there without its journal. To play that back is to write.
require_clean() {
  local clean=no
  case $type in
  ext4) [[ $(dumpe2fs -h "$device" 2>/dev/null) =~ needs_recovery ]] || clean=yes ;;
  xfs) [[ $(xfs_logprint -t "$device" 2>/dev/null) != *'<CLEAN>'* ]] || clean=yes ;;
  esac
  [[ $clean == yes ]] || report declined "the file system was not unmounted in good order, so a part of what it holds is in its journal \
alone, and nothing is written here to see it: start the app, and run the command again"
}
