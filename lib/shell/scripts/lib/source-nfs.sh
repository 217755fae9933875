# shellcheck shell=bash
# The folder of an NFS server that data is moved from, mounted so that nothing can be written to it, and seen by this script alone.
# What lib/source-iscsi.sh is for a LUN.

# shellcheck source=lib/shell/scripts/lib/private.sh
source lib/private.sh
# shellcheck source=lib/shell/scripts/lib/mount-line.sh
source lib/mount-line.sh

: "${server:?}"
: "${path:?}"
# Of the PersistentVolume, so that paths and owners are seen as the app sees them: nfsvers=4.1, hard, …
: "${options[@]-}"

# For a person.
# shellcheck disable=SC2034
source_name=$server:$path

# Behind the volume's own, so that they are what counts:
# - soft, with an answer expected within 10 s, then 20, then 30: a server that is gone is told, and not waited for without an end;
# - nosharecache: not what the app's mount of the same folder remembers;
# - actimeo=60: what a list of a folder says of its entries serves for looking at each of them. What must see them as they
#   are later mounts the folder once more;
# - nolock: no lock is taken, and no daemon for it is started on the node.
own_options=ro,nosuid,nodev,noexec,soft,timeo=100,retrans=2,retry=0,fg,nosharecache,actimeo=60,nolock

# mount_source [NAME]: sets `source`; wants private_folder. Mounted once more, under another name, it remembers nothing of what
# was seen before.
mount_source() {
  local text code=0 said
  source=$private/${1:-source}
  mkdir --parents "$source"
  printf -v text '%s,' "${options[@]}" "$own_options"
  text=${text#,}
  said=$(timeout --kill-after=5 60 mount --types nfs --options "${text%,}" "$server:$path" "$source" 2>&1) || code=$?
  case $code in
  0) ;;
  124 | 137) report declined "the NFS server $server does not answer: see that it is up, and that this node may reach it" ;;
  *) report declined "$server:$path can't be mounted, as $(told "$said")" ;;
  esac
  undo_later umount --lazy "$source"
}

# The last line of what a program said, without its end.
told() {
  local text=${1%$'\n'}
  printf '%s' "${text##*$'\n'}"
}

# How many bytes of files the server has been asked for since it was mounted.
bytes_from_source() {
  local fields
  read -r -a fields <<<"$(mount_line "$source" bytes)"
  # NFSIOS_SERVERREADBYTES of the kernel's include/linux/nfs_iostat.h; before it comes what programs read and wrote.
  echo "${fields[4]}"
}

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
