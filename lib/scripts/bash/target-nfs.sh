# shellcheck shell=bash disable=SC2154
# Mounts the NFS folder that data is moved to; only this script sees the mount. The counterpart of bash/target-iscsi.sh:
# its marker takes the place of a file system's UUID.

# shellcheck source=lib/scripts/bash/lock.sh
source bash/lock.sh
# shellcheck source=lib/scripts/bash/nfs-mounts.sh
source bash/nfs-mounts.sh
# shellcheck source=lib/scripts/bash/nfs-users.sh
source bash/nfs-users.sh
# shellcheck source=lib/scripts/bash/mount-nfs.sh
source bash/mount-nfs.sh
# shellcheck source=lib/scripts/bash/marker.sh
source bash/marker.sh

: "${target_server:?}"
: "${target_path:?}"
# The mount options of the PersistentVolume, as the app mounts it
: "${target_options[@]-}"

target='' target_name=$target_server:$target_path
# Bytes read through mounts that have ended.
read_before=0

open_target() {
  take_lock "$target_name" || report declined "another run of lunward uses $target_name on this node: wait until it ends, or find it with \"ps\"" busy
  target=$(note "$target_name" target)
  mkdir --parents "$target"
  undo_later rmdir "$target"
}

# require_unused_target: no other mount of it exists on this node, in any namespace.
require_unused_target() {
  local found
  resolve_server "$target_server"
  found=$(users_of "$target_path" | head --lines=1)
  [[ -z $found ]] || report declined "$target_name is in use on this node: $found" in-use
}

# mount_folder ro|rw: what is written is on the server once it is synced or unmounted. The script reads it again through
# another mount before it trusts it.
mount_folder() { mount_nfs "$target_server" "$target_path" "$target" "$1" "${target_options[@]}"; }

# mount_target TYPE: mounts the folder read-write until the script ends; TYPE does not matter.
mount_target() {
  mount_folder rw
  undo_later unmount_target
}

# look_at_target TYPE: reads marker and names, and writes nothing.
look_at_target() {
  mount_folder ro
  read_marker "$target"
  read_names "$target"
  umount "$target"
}

# look_at_unused TYPE UUID: look_at_target, after proof that this node does not use the folder, and with a check that a
# marker in it is that of the expected volume. Only the marker has the UUID, so whoever needs one requires it.
look_at_unused() {
  require_unused_target
  look_at_target "$1"
  [[ -z $marker_text || $(marker uuid) == "$2" ]] || report declined "the marker of $target_name says uuid $(json_string "$(marker uuid)"), expected $2: it is \
another volume, or was emptied"
}

# require_building TYPE UUID ATTEMPT VOLUME: see bash/target-iscsi.sh.
require_building() {
  look_at_unused "$1" "$2"
  require_marker building "$3" "$4" "$2"
}

# mount_target_afresh TYPE ro|rw[,OPTION...]: after this, reads come from the server, which may answer from its own
# memory.
mount_target_afresh() {
  unmount_target
  require_unused_target
  mount_folder "${2%%,*}"
}

remount_target() { mount_target_afresh "$@"; }

# For undo_later: unmounts what mount_target_afresh has left.
unmount_target() {
  mountpoint --quiet "$target" || return 0
  read_before=$((read_before + $(bytes_asked "$target")))
  umount "$target"
}

# Prints the bytes of files requested from the server since the folder was opened.
bytes_of_target() {
  if mountpoint --quiet "$target"; then echo "$((read_before + $(bytes_asked "$target")))"; else echo "$read_before"; fi
}

# Remembers what is in use now, so that other data on the same file system does not count.
count_from_here() { read -r used_first entries_first < <(used_of "$target"); }

# Prints the bytes and inodes added since then; requires bash/progress.sh.
used_of_target() {
  local bytes entries
  read -r bytes entries < <(used_of "$target")
  echo "$((bytes - used_first)) $((entries - entries_first))"
}
