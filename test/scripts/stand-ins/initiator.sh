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

# open_session IQN ADDRESS PORT
open_session() {
  local number=1 session
  while [[ -e $sys/devices/host$number ]]; do number=$((number + 1)); done
  session=$sys/class/iscsi_session/session$number
  mkdir -p "$session" "$sys/devices/host$number/session$number/target$number:0:0/$number:0:0:1/block/sd$number" \
    "$sys/class/iscsi_connection/connection$number:0" "$sys/class/scsi_host/host$number" "$sys/block/sd$number/holders"
  ln -s "$sys/devices/host$number/session$number" "$session/device"
  echo 2097152 >"$session/device/target$number:0:0/$number:0:0:1/block/sd$number/size"
  # A device that no mount table has.
  echo 4095:1 >"$sys/block/sd$number/dev"
  echo "$1" >"$session/targetname"
  echo "$2" >"$sys/class/iscsi_connection/connection$number:0/persistent_address"
  echo "$3" >"$sys/class/iscsi_connection/connection$number:0/persistent_port"
}

# close_sessions NUMBER...
close_sessions() {
  local number
  if (($# == 0)); then exit 21; fi
  if [[ -e $STATE/logout-fails ]]; then exit 8; fi
  for number in "$@"; do
    rm -r "$sys/class/iscsi_session/session$number" "$sys/class/iscsi_connection/connection$number:0" "$sys/devices/host$number"
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
findmnt) exit 1 ;;
blkid) exit 2 ;;
esac
