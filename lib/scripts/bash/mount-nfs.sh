# shellcheck shell=bash
# A folder of an NFS server, mounted by a script for itself, and what the kernel knows of that mount.

# Behind the volume's own options, so that they are what counts:
# - soft, with an answer expected within 10 s, then 20, then 30: a server that is gone is told, and not waited for without an end;
# - nosharecache: not what the app's mount of the same folder remembers;
# - actimeo=60: what a list of a folder says of its entries serves for looking at each of them. What must see them as they
#   are later mounts the folder once more;
# - nolock: no lock is taken, and no daemon for it is started on the node.
own_options=nosuid,nodev,noexec,soft,timeo=100,retrans=2,retry=0,fg,nosharecache,actimeo=60,nolock

# mount_nfs SERVER PATH FOLDER ro|rw [OPTION...]: OPTIONs are the volume's. Ends the script where it can't be mounted.
mount_nfs() {
  local server=$1 path=$2 folder=$3 access=$4 text code=0 said
  printf -v text '%s,' "${@:5}" "$own_options,$access"
  text=${text#,}
  said=$(timeout --kill-after=5 60 mount --types nfs --options "${text%,}" "$server:$path" "$folder" 2>&1) || code=$?
  case $code in
  0) ;;
  124 | 137) report declined "the NFS server $server does not answer: see that it is up, and that this node may reach it" ;;
  *)
    said=${said%$'\n'}
    report declined "$server:$path can't be mounted, as ${said##*$'\n'}"
    ;;
  esac
}

# bytes_asked MOUNTPOINT: how many bytes of files the server has been asked for since it was mounted.
bytes_asked() {
  local fields
  read -r -a fields <<<"$(mount_line "$1" bytes)"
  # NFSIOS_SERVERREADBYTES of the kernel's include/linux/nfs_iostat.h; before it comes what programs read and wrote.
  echo "${fields[4]}"
}

# mount_line MOUNTPOINT NAME: a line of it, such as that of `opts` or `caps`.
mount_line() {
  local line found=''
  while IFS= read -r line; do
    [[ $line != 'device '* ]] || found=$line
    if [[ $found == *" mounted on $1 with "* && $line == [[:space:]]"$2:"* ]]; then
      printf '%s' "${line#*:}"
      return
    fi
  done </proc/self/mountstats
}
