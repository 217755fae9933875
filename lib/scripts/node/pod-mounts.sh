#!/usr/bin/env bash
# Reports what this node has mounted as volumes of a pod, and which disks these are. It changes nothing, and opens
# nothing.
#
# Facts: see lib/scripts/node/pod-mounts.ts.

# shellcheck source=lib/scripts/bash/nfs-mounts.sh
source bash/nfs-mounts.sh
# shellcheck source=lib/scripts/bash/pod-mounts.sh
source bash/pod-mounts.sh

# UID of the pod
: "${uid:?}"

disks_json() {
  local iqn lun portal found=()
  while read -r iqn lun portal; do
    found+=("$(json_object iqn "$(json_string "$iqn")" lun "$lun" portal "$(json_string "$portal")")")
  done < <(iscsi_disks /sys "$(readlink --canonicalize "$1")")
  json_array "${found[@]}"
}

mounts=()
while read -r plugin volume type mounted; do
  mounted=$(unescaped "$mounted")
  disks='[]'
  [[ $mounted != /dev/* ]] || disks=$(disks_json "$mounted")
  mounts+=("$(json_object plugin "$(json_string "$plugin")" volume "$(json_string "$volume")" type "$(json_string "$type")" \
    source "$(json_string "$mounted")" disks "$disks")")
done < <(pod_mounts /proc "$uid")
fact_json mounts "$(json_array "${mounts[@]}")"
report unchanged
