#!/usr/bin/env bash
# What a portal shows to this node: each target in turn is logged in to, its LUNs are looked at, and it is logged out of.
# A session that is there already is used and stays; so do records of targets.
#
# Facts: initiatorName, and targets: [{ iqn, problem, luns: [{ lun, bytes, wwn, serial, content, use }] }].

# As it stands in a PersistentVolume: 192.0.2.200:3260 or [2001:db8::200]:3260
: "${portal:?}"

shopt -s nullglob

node() { iscsiadm -m node -T "$1" -p "$portal" "${@:2}"; }

session_of() {
  local session
  for session in /sys/class/iscsi_session/session*; do
    if [[ $(<"$session/targetname") == "$1" && $(portal_of "${session##*session}") == "$portal" ]]; then
      echo "$session"
      return
    fi
  done
}

# The portal that a session was opened to, written as ours.
portal_of() {
  local connection address
  for connection in /sys/class/iscsi_connection/connection"$1":*; do
    address=$(<"$connection/persistent_address")
    [[ $address != *:* ]] || address="[$address]"
    echo "$address:$(<"$connection/persistent_port")"
    return
  done
}

# Sets `problem` where it does not succeed.
open_session() {
  local iqn=$1 code=0 said
  if ! node "$iqn" >/dev/null 2>&1; then
    undo_later forget_record "$iqn"
    node "$iqn" -o new >/dev/null
    # Some systems log in to every record when they start.
    node "$iqn" -o update -n node.startup -v manual
  fi
  # Before the login, which may be cut short after it has succeeded.
  undo_later close_session "$iqn"
  said=$(node "$iqn" --login 2>&1) || code=$?
  case $code in
  0) ;;
  24) problem='it refuses this node: it wants CHAP, or does not list this initiator name' ;;
  *) problem="login ended with $code: ${said##*$'\n'}" ;;
  esac
}

close_session() {
  [[ -z $(session_of "$1") ]] || node "$1" --logout >/dev/null
}

forget_record() {
  ! node "$1" >/dev/null 2>&1 || node "$1" -o delete
}

# Makes the kernel ask a session of ours for its LUNs, and waits for their devices.
scan() {
  local host
  host=$(basename "$(dirname "$(readlink -f "$1/device")")")
  echo '- - -' >"/sys/class/scsi_host/$host/scan"
  udevadm settle --timeout=60
}

luns_of() {
  local device found=()
  for device in "$1"/device/target*/*:*:*:*/block/*; do found+=("$(lun_of "$device")"); done
  json_array "${found[@]}"
}

lun_of() {
  local address=${1%/block/*} name=${1##*/} wwn serial
  wwn=$(lsblk --nodeps --noheadings --output WWN "/dev/$name")
  serial=$(lsblk --nodeps --noheadings --output SERIAL "/dev/$name")
  json_object lun "${address##*:}" bytes "$(($(<"$1/size") * 512))" \
    wwn "$(json_string "${wwn// /}")" serial "$(json_string "${serial// /}")" \
    content "$(json_string "$(content_of "/dev/$name")")" use "$(json_string "$(use_of "$name")")"
}

# What blkid recognises. Nothing is no proof that a device is blank.
content_of() {
  local code=0 found
  found=$(blkid -p -o export "$1" 2>/dev/null) || code=$?
  case $code in
  0) sed -n 's/^TYPE=//p; s/^PTTYPE=\(.*\)/partition table (\1)/p' <<<"$found" | head -n 1 ;;
  2) echo '' ;;
  8) echo 'several at once' ;;
  *) echo 'unreadable' ;;
  esac
}

use_of() {
  local mountpoint holders=("/sys/block/$1/holders"/*)
  mountpoint=$(findmnt --noheadings --first-only --output TARGET --source "/dev/$1" || true)
  if [[ -n $mountpoint ]]; then
    echo "mounted at $mountpoint"
  elif ((${#holders[@]} > 0)); then
    echo "held by ${holders[0]##*/}"
  fi
}

command -v iscsiadm >/dev/null || report declined 'iscsiadm is not installed on it: "lunward doctor" says how to install it'

code=0
# Not persistent: a record that stays would be logged in to at the next start of some systems.
said=$(iscsiadm -m discovery -t sendtargets -p "$portal" -o nonpersistent 2>&1) || code=$?
# 21: it answers, and has no target for this initiator.
((code == 0 || code == 21)) || report declined "nothing answers at $portal: ${said##*$'\n'}"
mapfile -t iqns < <(sed -n 's/^[^ ]*,[0-9]* \(\(iqn\|eui\|naa\)\.[^ ]*\)$/\1/p' <<<"$said" | sort -u)

targets=()
for iqn in "${iqns[@]}"; do
  problem='' luns='[]'
  session=$(session_of "$iqn")
  if [[ -z $session ]]; then
    open_session "$iqn"
    session=$(session_of "$iqn")
    [[ -z $session ]] || scan "$session"
  fi
  [[ -z $session ]] || luns=$(luns_of "$session")
  undo_all
  targets+=("$(json_object iqn "$(json_string "$iqn")" problem "$(json_string "$problem")" luns "$luns")")
done

fact initiatorName "$(sed -n 's/^InitiatorName=//p' /etc/iscsi/initiatorname.iscsi)"
fact_json targets "$(json_array "${targets[@]}")"
report unchanged
