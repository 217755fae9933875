# shellcheck shell=bash disable=SC2154
# A sealed volume on a LUN, to be looked through.

# shellcheck source=lib/scripts/bash/sealed-root.sh
source bash/sealed-root.sh

# open_sealed: sets `root`.
open_sealed() {
  require_session
  open_target
  read_type
  if [[ $used == yes ]]; then
    find_root
    # For this script alone: not even the time of a reading is written down. As long as it looks, the node can't unmount the
    # volume and log out under it.
    mount --options remount,bind,ro,noatime "$root"
  else
    look_at_unused "$type" "$uuid"
    require_clean "$device" "$type"
    undo_later unmount_target
    mount_target_afresh "$type" "ro,$(without_journal "$type")"
    root=$target
  fi
}
