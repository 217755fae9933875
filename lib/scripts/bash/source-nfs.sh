# shellcheck shell=bash
# The folder of an NFS server that data is moved from, mounted so that nothing can be written to it, and seen by this script alone.
# What bash/source-iscsi.sh is for a LUN.

# shellcheck source=lib/scripts/bash/private.sh
source bash/private.sh
# shellcheck source=lib/scripts/bash/mount-nfs.sh
source bash/mount-nfs.sh

: "${server:?}"
: "${path:?}"
# Of the PersistentVolume, so that paths and owners are seen as the app sees them: nfsvers=4.1, hard, …
: "${options[@]-}"

# For a person.
# shellcheck disable=SC2034
source_name=$server:$path

# mount_source [NAME]: sets `source`; wants private_folder. Mounted once more, under another name, it remembers nothing of what
# was seen before.
mount_source() {
  source=$private/${1:-source}
  mkdir --parents "$source"
  mount_nfs "$server" "$path" "$source" ro "${options[@]}"
  undo_later umount --lazy "$source"
}

# How many bytes of files the server has been asked for since it was mounted.
bytes_from_source() { bytes_asked "$source"; }

# Nothing is pending here of what is written on other nodes.
settle_source() { :; }

# What the mount can carry; sets version (3, 4.0, …), xattrs, posixAcls and nfs4Acls (true, false).
# shellcheck disable=SC2034
read_abilities() {
  local text caps=0
  text=$(mount_line "$source" opts)
  [[ $text =~ [,[:space:]]vers=([0-9.]+) ]] && version=${BASH_REMATCH[1]}
  text=$(mount_line "$source" caps)
  [[ $text =~ caps=(0x[0-9a-f]+) ]] && caps=${BASH_REMATCH[1]}
  xattrs=false posixAcls=false nfs4Acls=false
  # NFS_CAP_ACLS and NFS_CAP_XATTR of the kernel's include/linux/nfs_fs_sb.h
  ((caps & 1 << 28)) && xattrs=true
  if ((caps & 1 << 3)); then
    if [[ $version == 3 ]]; then posixAcls=true; else nfs4Acls=true; fi
  fi
  return 0
}
