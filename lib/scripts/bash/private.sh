# shellcheck shell=bash
# A folder for what a script needs while it runs.

# private_folder: sets `private` to an empty folder in memory that only this script sees and that ends with it, whatever
# ends it. It is mounted over a folder that every system has, so nothing needs to be removed.
private_folder() {
  private=/tmp
  # In the node's own namespace the whole node would see the mount.
  [[ ! /proc/self/ns/mnt -ef /proc/1/ns/mnt ]] || {
    echo 'this script must be run in a mount namespace of its own' >&2
    return 1
  }
  mount --types tmpfs --options mode=700 tmpfs "$private"
  undo_later umount --lazy "$private"
}
