# shellcheck shell=bash disable=SC2154
# Opens a sealed volume on a LUN for reading.

# shellcheck source=lib/scripts/bash/sealed-root.sh
source bash/sealed-root.sh

# open_sealed: sets `root`.
open_sealed() {
  require_session
  open_target
  read_type
  if [[ $used == yes ]]; then
    find_root
    # Changes the mount for this script alone: it does not even record access times. While the script reads, the node
    # can't unmount the volume and log out.
    mount --options remount,bind,ro,noatime "$root"
  else
    look_at_unused "$type" "$uuid"
    require_clean "$device" "$type"
    undo_later unmount_target
    mount_target_afresh "$type" "ro,$(without_journal "$type")"
    root=$target
  fi
}
