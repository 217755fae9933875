# shellcheck shell=bash disable=SC2154
# A sealed volume in a folder of an NFS server, to be looked through: by a mount of this script's own, whoever else has one. What
# bash/open-sealed-iscsi.sh is for a LUN.

# yes or no, which is all the same here
: "${used:?}"

# open_sealed: sets `root`.
open_sealed() {
  open_target
  mount_folder ro
  undo_later unmount_target
  # shellcheck disable=SC2034
  root=$target
}
