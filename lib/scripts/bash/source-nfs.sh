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

# settling_seconds: prints by how much a time of a file must be older than the last change seen, so that a later change
# can't give the same time again. 2 s is the coarsest clock of a file system.
#
# A server with delegated timestamps (RFC 9754) leaves the times of a file to the client that writes to it: they follow
# that client's clock, show only when it returns its delegation, and are dropped where the server has later ones. Its
# writes may reach the server half a minute later. So 300 s: a minute for the writes, the rest for the difference between
# the two clocks.
settling_seconds() {
  local caps
  caps=$(mount_line "$source" caps)
  # NFS_CAP_DELEGTIME in the kernel's include/linux/nfs_fs_sb.h. Before Linux 5.13 the bit had another meaning and was
  # always set, which costs time and is not wrong.
  if [[ $caps =~ caps=(0x[0-9a-f]+) ]] && ((BASH_REMATCH[1] & 1 << 13)); then echo 300; else echo 2; fi
}

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

# list_left_behind FOLDER LISTS: see bash/left-behind.sh. NFS shows neither flags nor such attributes.
# shellcheck disable=SC2034
list_left_behind() { counted=true && : >"$2/flagged" && : >"$2/attributes"; }
