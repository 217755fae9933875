#!/usr/bin/env bash
# Stands in for the programs that open and close sessions of iSCSI targets, under their names. A session is what the kernel shows of
# one below ROOT/sys; records are files below ROOT/etc/iscsi/nodes. What is so on the node lies in files of the folder STATE.
set -euo pipefail
shopt -s nullglob

name=${0##*/}
sys=$ROOT/sys
[[ $name == iscsiadm ]] && echo "$*" >>"$STATE/calls"

# How the kernel shows an address: as it was asked for, unless the test says otherwise.
shown() { if [[ -e $STATE/shown ]]; then cat "$STATE/shown"; else echo "$1"; fi; }

# The LUNs that each target has.
luns() { cat "$STATE/luns" 2>/dev/null || echo 1; }

# show_lun HOST LUN: as the kernel does it when it finds a LUN.
show_lun() {
  local disk=sd$1
  [[ $2 == 1 ]] || disk=sd$1x$2
  mkdir -p "$sys/devices/host$1/session$1/target$1:0:0/$1:0:0:$2/block/$disk" "$sys/block/$disk/holders" "$sys/block/$disk/device"
  echo 2097152 >"$sys/devices/host$1/session$1/target$1:0:0/$1:0:0:$2/block/$disk/size"
  echo "naa.$2" >"$sys/block/$disk/device/wwid"
  # A device that no mount table has.
  echo "4095:$1$2" >"$sys/block/$disk/dev"
  rm -f "$sys/devices/host$1/session$1/target$1:0:0/$1:0:0:$2/delete"
}

# What the kernel does once something was written to its files: scans, then deletions.
kernel() {
  local host lun asked file
  for file in "$sys"/class/scsi_host/host*/scan; do
    host=${file%/scan} host=${host##*host}
    read -r _ _ asked <"$file"
    for lun in $(luns); do
      [[ $asked != "$lun" && $asked != - ]] || show_lun "$host" "$lun"
    done
    echo "host$host $asked" >>"$STATE/scans"
    rm "$file"
  done
  for file in "$sys"/devices/host*/session*/target*/*/delete; do rm -r "${file%/delete}"; done
}

# open_session IQN ADDRESS PORT: sets `opened` to its number.
open_session() {
  local number=1 session
  while [[ -e $sys/devices/host$number ]]; do number=$((number + 1)); done
  session=$sys/class/iscsi_session/session$number
  mkdir -p "$session" "$sys/devices/host$number/session$number" "$sys/class/iscsi_connection/connection$number:0" \
    "$sys/class/scsi_host/host$number"
  ln -s "$sys/devices/host$number/session$number" "$session/device"
  opened=$number
  echo "$1" >"$session/targetname"
  echo "$2" >"$sys/class/iscsi_connection/connection$number:0/persistent_address"
  echo "$3" >"$sys/class/iscsi_connection/connection$number:0/persistent_port"
}

# has_session IQN ADDRESS PORT LUN...: one of another process, with what it shows.
has_session() {
  local lun
  open_session "$1" "$2" "$3"
  for lun in "${@:4}"; do show_lun "$opened" "$lun"; done
}

# Prints the LUNs that sessions show.
shown_luns() {
  local device
  kernel
  for device in "$sys"/devices/host*/session*/target*/*; do echo "${device##*/}"; done
}

# close_sessions NUMBER...
close_sessions() {
  local number
  if (($# == 0)); then exit 21; fi
  if [[ -e $STATE/logout-fails ]]; then exit 8; fi
  for number in "$@"; do
    rm -r "$sys/class/iscsi_session/session$number" "$sys/class/iscsi_connection/connection$number:0" "$sys/devices/host$number"
    rm -rf "$sys/block/sd$number" "$sys/block/sd${number}x"*
  done
}

# numbers_of IQN: as strictly as the real one does.
numbers_of() {
  local session
  for session in "$sys"/class/iscsi_session/session*; do
    if [[ $(<"$session/targetname") == "$1" ]]; then echo "${session##*session}"; fi
  done
}

initiator() {
  local iqn='' portal='' session='' address port
  while (($# > 0)); do
    case $1 in
    -T) iqn=$2 && shift ;;
    -p) portal=$2 && shift ;;
    -r) session=$2 && shift ;;
    -m | -t) shift ;;
    *) break ;;
    esac
    shift
  done
  address=${portal%:*} port=${portal##*:}
  address=${address#[} address=${address%]}
  case $* in
  '-o nonpersistent') echo "$portal,1 $(cat "$STATE/target")" ;;
  '-o update -n node.session.scan -v manual') [[ ! -e $STATE/old ]] || exit 6 ;;
  '-o new') mkdir -p "$ROOT/etc/iscsi/nodes/$iqn/$address,$port,1" ;;
  --login)
    test -d "$ROOT/etc/iscsi/nodes/$iqn/$address,$port,1" || exit 21
    if [[ -e $STATE/target && $(<"$STATE/target") != "$iqn" ]]; then exit 19; fi
    if [[ -e $STATE/overtaken ]]; then
      open_session "$iqn" "$address" "$port"
      exit 15
    fi
    if [[ ! -e $STATE/vanishes ]]; then open_session "$iqn" "$(shown "$address")" "$port"; fi
    if [[ -e $STATE/killed-after-login ]]; then
      rm "$STATE/killed-after-login"
      kill -9 "$SCRIPT"
    fi
    ;;
  --logout)
    # shellcheck disable=SC2046
    if [[ -n $session ]]; then close_sessions "$session"; else close_sessions $(numbers_of "$iqn"); fi
    ;;
  *) exit 7 ;;
  esac
}

kernel
case $name in
iscsiadm) initiator "$@" ;;
mount)
  mv "${*: -1}" "${*: -1}.under"
  mkdir "${*: -1}"
  ;;
umount)
  rm -r "$1"
  mv "$1.under" "$1"
  ;;
udevadm)
  if [[ -e $STATE/joined ]]; then show_lun 1 "$(<"$STATE/joined")"; fi
  if [[ -e $STATE/killed-after-scan ]]; then
    rm "$STATE/killed-after-scan"
    kill -9 "$SCRIPT"
  fi
  ;;
findmnt) exit 1 ;;
wipefs)
  if [[ -e $STATE/detached ]]; then rm -rf "$sys"/devices/host*/session*/target*/*:"$(<"$STATE/detached")"; fi
  if [[ -e $STATE/claimed && ${*: -1} == "/dev/$(<"$STATE/claimed")" ]]; then
    echo "wipefs: error: ${*: -1}: probing initialization failed: Device or resource busy" >&2
    exit 1
  fi
  ;;
blkid) exit 2 ;;
esac
