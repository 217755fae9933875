#!/usr/bin/env bash
# Reports what a node is and has, as far as storage is concerned. It changes nothing, and opens nothing.
#
# Facts: see lib/scripts/node/node-facts.ts.

# shellcheck source=lib/scripts/bash/system.sh
source bash/system.sh
# shellcheck source=lib/scripts/bash/disk-use.sh
source bash/disk-use.sh

programs() {
  local name found=()
  for name in iscsiadm mount.nfs mount.cifs rsync mkfs.ext4 mkfs.xfs sqlite3 apt-get dnf zypper multipathd; do
    command -v "$name" >/dev/null && found+=("$name")
  done
  json_strings "${found[@]}"
}

sessions() {
  local session device address disks found=() name
  for session in /sys/class/iscsi_session/session*; do
    disks=()
    for device in "$session"/device/target*/*:*:*:*/block/*; do
      name=${device##*/} address=${device%/block/*}
      disks+=("$(json_object name "$(json_string "$name")" lun "${address##*:}" state "$(json_string "$(<"$device/device/state")")" \
        mountpoints "$(mountpoints_of "$name")" holders "$(holders_of "$name")")")
    done
    found+=("$(json_object iqn "$(json_string "$(<"$session/targetname")")" state "$(json_string "$(<"$session/state")")" \
      disks "$(json_array "${disks[@]}")")")
  done
  json_array "${found[@]}"
}

mountpoints_of() {
  local line process point found=()
  while IFS= read -r line; do
    [[ -z $line ]] || found+=("$(json_string "$line")")
  done < <(findmnt --raw --noheadings --output TARGET --source "/dev/$1" || true)
  if ((${#found[@]} == 0)); then
    read -r process point < <(mounted_elsewhere "$1") || true
    [[ -z $process ]] || found=("$(json_string "/proc/$process/root$point")")
  fi
  json_array "${found[@]}"
}

holders_of() {
  local holder found=()
  for holder in "/sys/block/$1/holders"/*; do found+=("$(json_string "${holder##*/}")"); done
  # The kernel counts no loop device among them, through which a copy of ours reads.
  for holder in /sys/block/loop*/loop/backing_file; do
    [[ $(cat "$holder" 2>/dev/null) == "/dev/$1" ]] || continue
    holder=${holder%/loop/backing_file}
    found+=("$(json_string "${holder##*/}")")
  done
  json_array "${found[@]}"
}

# Prints the records that the system logs in to at boot.
automatic_records() {
  local file found=()
  while IFS= read -r file; do
    found+=("$(json_string "$(sed -n 's/^node.name = //p' "$file")")")
  done < <(grep --recursive --files-with-matches '^node.startup = automatic' /etc/iscsi/nodes /var/lib/iscsi/nodes 2>/dev/null || true)
  json_array "${found[@]}"
}

# ask_servers TARGET...: checks whether the server of each network mount answers; sets `hanging` and `stale`.
ask_servers() {
  local target problem code
  hanging=() stale=()
  for target in "$@"; do
    # findmnt writes a space as \x20.
    printf -v target %b "$target"
    code=0
    ask_server "$target" >/dev/null 2>&1 || code=$?
    case $code in
    0) ;;
    137) hanging+=("$(json_string "$target")") ;;
    *)
      problem=$(problem_of "$target")
      # Root may lack a user's ticket, which says nothing about the server.
      [[ $problem =~ ^(|Permission denied|Required key not available|Key has expired)$ ]] ||
        stale+=("$(json_object target "$(json_string "$target")" problem "$(json_string "$problem")")")
      ;;
    esac
  done
}

# With KILL as its first signal, timeout ends even if the kernel does not release the process that it started.
ask_server() { timeout --signal=KILL 5 stat --file-system "$1"; }

# For the same reason this does not wait for the process that it reads from.
problem_of() {
  local said=''
  IFS= read -r -t 6 said < <(ask_server "$1" 2>&1 >/dev/null) || true
  printf '%s' "${said##*: }"
}

network_mounts() { findmnt --raw --noheadings --types nfs,nfs4,cifs --output TARGET || true; }

fact hostName "$(uname -n)"
fact architecture "$(uname -m)"
fact machineId "$(machine_id)"
fact systemId "$(assigned /etc/os-release ID)"
fact systemLike "$(assigned /etc/os-release ID_LIKE)"
fact systemName "$(assigned /etc/os-release PRETTY_NAME)"
fact management "$(management '')"
fact_json programs "$(programs)"
fact initiatorName "$(assigned /etc/iscsi/initiatorname.iscsi InitiatorName)"
mapfile -t states < <(systemctl is-active iscsid.service iscsid.socket multipathd.service 2>/dev/null || true)
fact iscsidService "${states[0]:-}"
fact iscsidSocket "${states[1]:-}"
fact multipathd "${states[2]:-}"
fact_json systemd "$(systemd_version)"
fact_json privateMounts "$(private_mounts)"
fact_json sessions "$(sessions)"
fact_json automaticRecords "$(automatic_records)"
mapfile -t targets < <(network_mounts)
ask_servers "${targets[@]}"
fact_json hangingMounts "$(json_array "${hanging[@]}")"
fact_json staleMounts "$(json_array "${stale[@]}")"
report unchanged
