# shellcheck shell=bash
# Mounts the NFS folder that data is moved from, read-only and visible only to this script. The counterpart of
# bash/source-iscsi.sh.

# shellcheck source=lib/scripts/bash/private.sh
source bash/private.sh
# shellcheck source=lib/scripts/bash/mount-nfs.sh
source bash/mount-nfs.sh

: "${server:?}"
: "${path:?}"
# The mount options of the PersistentVolume, so that paths and owners look as the app sees them: nfsvers=4.1, hard, …
: "${options[@]-}"

# For messages.
# shellcheck disable=SC2034
source_name=$server:$path

# mount_source [NAME]: sets `source`; requires private_folder. A second call, with another name, mounts it again without
# anything cached from before.
mount_source() {
  source=$private/${1:-source}
  mkdir --parents "$source"
  mount_nfs "$server" "$path" "$source" ro "${options[@]}"
  undo_later umount --lazy "$source"
}

# Prints the bytes of files requested from the server since the mount.
bytes_from_source() { bytes_asked "$source"; }

# This node has no pending writes of the app's.
settle_source() { :; }

# Finds what the mount supports; sets version (3, 4.0, …), xattrs, posixAcls and nfs4Acls (true, false).
# shellcheck disable=SC2034
read_abilities() {
  local text caps=0
  text=$(mount_line "$source" opts)
  [[ $text =~ [,[:space:]]vers=([0-9.]+) ]] && version=${BASH_REMATCH[1]}
  text=$(mount_line "$source" caps)
  [[ $text =~ caps=(0x[0-9a-f]+) ]] && caps=${BASH_REMATCH[1]}
  xattrs=false posixAcls=false nfs4Acls=false
  # NFS_CAP_ACLS and NFS_CAP_XATTR in the kernel's include/linux/nfs_fs_sb.h
  ((caps & 1 << 28)) && xattrs=true
  if ((caps & 1 << 3)); then
    if [[ $version == 3 ]]; then posixAcls=true; else nfs4Acls=true; fi
  fi
  return 0
}
