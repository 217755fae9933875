# shellcheck shell=bash
# Mounts a folder of an NFS server for this script, and reads what the kernel knows of that mount.

# These follow the volume's own options, so they win:
# - soft, with an answer expected within 10 s, then 20, then 30: a server that is gone is reported; the script does not
#   wait forever;
# - nosharecache: does not use what the app's mount of the same folder has cached;
# - actimeo=60: the attributes that come with a directory listing serve for the files in it. A step that must see them
#   as they are later mounts the folder again;
# - nolock: takes no lock, and starts no lock daemon on the node.
own_options=nosuid,nodev,noexec,soft,timeo=100,retrans=2,retry=0,fg,nosharecache,actimeo=60,nolock

# mount_nfs SERVER PATH FOLDER ro|rw [OPTION...]: OPTIONs are the volume's. Ends the script if the mount fails.
mount_nfs() {
  local server=$1 path=$2 folder=$3 access=$4 text code=0 said
  printf -v text '%s,' "${@:5}" "$own_options,$access"
  text=${text#,}
  said=$(timeout --kill-after=5 60 mount --types nfs --options "${text%,}" "$server:$path" "$folder" 2>&1) || code=$?
  case $code in
  0) ;;
  124 | 137) report declined "NFS server $server does not answer: check that it is up, and that this node can reach it" no-answer ;;
  *)
    said=${said%$'\n'}
    report declined "$server:$path can't be mounted: ${said##*$'\n'}" not-mountable
    ;;
  esac
}

# bytes_asked MOUNTPOINT: prints the bytes of files requested from the server since the mount.
bytes_asked() {
  local fields
  read -r -a fields <<<"$(mount_line "$1" bytes)"
  # NFSIOS_SERVERREADBYTES in the kernel's include/linux/nfs_iostat.h; the values before it count what programs read and
  # wrote.
  echo "${fields[4]}"
}

# mount_line MOUNTPOINT NAME: prints one line of the mount's statistics, such as `opts` or `caps`.
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
