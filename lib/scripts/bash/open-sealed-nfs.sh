# shellcheck shell=bash disable=SC2154
# Opens a sealed volume in an NFS folder for reading, through a mount of this script's own, also while others have it
# mounted. The counterpart of bash/open-sealed-iscsi.sh.

# yes or no; it makes no difference for NFS
: "${used:?}"

# open_sealed: sets `root`.
open_sealed() {
  open_target
  mount_folder ro
  undo_later unmount_target
  # shellcheck disable=SC2034
  root=$target
}
