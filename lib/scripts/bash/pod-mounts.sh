# shellcheck shell=bash
# Finds what a node has mounted as volumes of a pod. It reads only mount tables and /sys: a mounted file system may
# hang.

# pod_mounts PROC UID: prints for each mounted volume of the pod, in any mount namespace: PLUGIN VOLUME TYPE SOURCE, one
# a line, as mountinfo writes them. The mounts of a kubelet in a container are visible only to processes of that
# container.
pod_mounts() {
  local line point type source
  while IFS= read -r line; do
    read -r _ _ _ _ point _ <<<"$line"
    read -r type source _ <<<"${line#* - }"
    [[ $point =~ /pods/"$2"/volumes/([^/]+)/([^/]+)(/mount)?$ ]] || continue
    echo "${BASH_REMATCH[1]} ${BASH_REMATCH[2]} $type $source"
  done < <(grep --no-messages --no-filename --fixed-strings "/pods/$2/volumes/" "$1"/[0-9]*/mountinfo || true) | sort --unique
}

# iscsi_disks SYS DEVICE: prints the iSCSI disks that a device is, or is built on: IQN LUN PORTAL, one a line.
iscsi_disks() {
  local block=$1/class/block/${2##*/} slave path session connection portal=''
  for slave in "$block"/slaves/*; do
    [[ ! -e $slave ]] || iscsi_disks "$1" "$slave"
  done
  path=$(readlink --canonicalize "$block")
  [[ $path =~ /session([0-9]+)/target[^/]*/[0-9]+:[0-9]+:[0-9]+:([0-9]+)/block/ ]] || return 0
  session=${BASH_REMATCH[1]}
  for connection in "$1/class/iscsi_connection/connection$session":*; do
    [[ ! -e $connection ]] || portal=$(<"$connection/persistent_address")
    [[ $portal != *:* ]] || portal="[$portal]"
    [[ -z $portal ]] || portal+=:$(<"$connection/persistent_port")
    break
  done
  echo "$(<"$1/class/iscsi_session/session$session/targetname") ${BASH_REMATCH[2]} $portal"
}
