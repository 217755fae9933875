#!/usr/bin/env bash
# What a node is and has, as far as storage is concerned. It changes nothing, and opens nothing.
#
# Facts: see lib/shell/node-facts.ts.

shopt -s nullglob

# shellcheck source=lib/shell/scripts/lib/system.sh
source lib/system.sh

programs() {
  local name found=()
  for name in iscsiadm mount.nfs mount.cifs rsync mkfs.ext4 mkfs.xfs sqlite3 apt-get dnf zypper multipathd; do
    command -v "$name" >/dev/null && found+=("$(json_string "$name")")
  done
  json_array "${found[@]}"
}

unit_state() { systemctl is-active "$1" 2>/dev/null || true; }

sessions() {
  local session device disks found=() name
  for session in /sys/class/iscsi_session/session*; do
    disks=()
    for device in "$session"/device/target*/*:*:*:*/block/*; do
      name=${device##*/}
      disks+=("$(json_object name "$(json_string "$name")" state "$(json_string "$(<"$device/device/state")")" \
        mountpoints "$(mountpoints_of "$name")" holders "$(holders_of "$name")")")
    done
    found+=("$(json_object iqn "$(json_string "$(<"$session/targetname")")" state "$(json_string "$(<"$session/state")")" \
      disks "$(json_array "${disks[@]}")")")
  done
  json_array "${found[@]}"
}

mountpoints_of() {
  local line found=()
  while IFS= read -r line; do
    [[ -z $line ]] || found+=("$(json_string "$line")")
  done < <(findmnt --raw --noheadings --output TARGET --source "/dev/$1" || true)
  json_array "${found[@]}"
}

holders_of() {
  local holder found=()
  for holder in "/sys/block/$1/holders"/*; do found+=("$(json_string "${holder##*/}")"); done
  json_array "${found[@]}"
}

# Records with which a start of the system logs in by itself.
automatic_records() {
  local file found=()
  while IFS= read -r file; do
    found+=("$(json_string "$(sed -n 's/^node.name = //p' "$file")")")
  done < <(grep --recursive --files-with-matches '^node.startup = automatic' /etc/iscsi/nodes /var/lib/iscsi/nodes 2>/dev/null || true)
  json_array "${found[@]}"
}

# Mounts of network file systems whose server does not answer.
hanging_mounts() {
  local target found=()
  while IFS= read -r target; do
    timeout --signal=KILL 5 stat --file-system "$target" >/dev/null 2>&1 || found+=("$(json_string "$target")")
  done < <(findmnt --raw --noheadings --types nfs,nfs4,cifs --output TARGET || true)
  json_array "${found[@]}"
}

fact hostName "$(uname -n)"
fact architecture "$(uname -m)"
fact machineId "$(cat /etc/machine-id 2>/dev/null || true)"
fact systemId "$(assigned /etc/os-release ID)"
fact systemLike "$(assigned /etc/os-release ID_LIKE)"
fact systemName "$(assigned /etc/os-release PRETTY_NAME)"
fact management "$(management '')"
fact_json programs "$(programs)"
fact initiatorName "$(assigned /etc/iscsi/initiatorname.iscsi InitiatorName)"
fact iscsidService "$(unit_state iscsid.service)"
fact iscsidSocket "$(unit_state iscsid.socket)"
fact multipathd "$(unit_state multipathd.service)"
fact_json sessions "$(sessions)"
fact_json automaticRecords "$(automatic_records)"
fact_json hangingMounts "$(hanging_mounts)"
report unchanged
