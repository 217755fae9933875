# shellcheck shell=bash
# A place for what a script needs while it runs.

# private_folder: sets `private` to an empty folder in memory that nobody else sees, and that is gone with this script,
# whatever ends it. It lies over a folder that every system has, so that there is nothing to remove.
private_folder() {
  private=/tmp
  # Otherwise the whole node would see it.
  [[ ! /proc/self/ns/mnt -ef /proc/1/ns/mnt ]] || {
    echo 'this script must be run in a mount namespace of its own' >&2
    return 1
  }
  mount --types tmpfs --options mode=700 tmpfs "$private"
  undo_later umount --lazy "$private"
}
