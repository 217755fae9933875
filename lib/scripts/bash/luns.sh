# shellcheck shell=bash
# The LUNs that a session shows.

# shellcheck source=lib/scripts/bash/disk-use.sh
source bash/disk-use.sh

# scan SESSION LUN: makes the kernel ask the target for a LUN, and waits for its disk; `-` is every LUN.
scan() {
  local host target=- channel=- tries
  host=$(basename "$(dirname "$(readlink -f "$1/device")")")
  [[ $2 == - ]] || channel=0 target=$(cat "$1/target_id" 2>/dev/null || echo 0)
  echo "$channel $target $2" >"/sys/class/scsi_host/$host/scan"
  # A driver may take a disk a little later than the kernel finds it.
  for ((tries = 0; tries < 50; tries++)); do
    is_awaited "$1" "$2" || break
    sleep 0.1
  done
  udevadm settle --timeout=60
}

# is_awaited SESSION LUN: the kernel has found it, and no driver has taken it yet.
is_awaited() {
  local device blocks
  for device in "$1"/device/target*/*:*:*:*; do
    [[ $2 == - || ${device##*:} == "$2" ]] || continue
    blocks=("$device"/block/*)
    # Targets also show what is no disk.
    ((${#blocks[@]} > 0)) || [[ $(cat "$device/type" 2>/dev/null) != 0 ]] || return 0
  done
  return 1
}

# disks_of SESSION LUN: prints the kernel's folder of each disk of this LUN, one a line; `-` is every LUN.
disks_of() {
  local device address
  for device in "$1"/device/target*/*:*:*:*/block/*; do
    address=${device%/block/*}
    [[ $2 != - && ${address##*:} != "$2" ]] || echo "$device"
  done
}

# device_of SESSION LUN: prints the device of a LUN; nothing if the session does not show it.
device_of() {
  local path
  path=$(disks_of "$1" "$2" | head -n 1)
  [[ -z $path ]] || echo "/dev/${path##*/}"
}

luns_of() {
  local device found=()
  while IFS= read -r device; do found+=("$(lun_of "$device")"); done < <(disks_of "$1" -)
  json_array "${found[@]}"
}

lun_of() {
  local address=${1%/block/*} name=${1##*/} wwn serial
  wwn=$(lsblk --nodeps --noheadings --output WWN "/dev/$name")
  serial=$(lsblk --nodeps --noheadings --output SERIAL "/dev/$name")
  json_object lun "${address##*:}" bytes "$(($(<"$1/size") * 512))" \
    wwn "$(json_string "${wwn// /}")" serial "$(json_string "${serial// /}")" \
    content "$(json_string "$(content_of "/dev/$name")")" uuid "$(json_string "$(uuid_of "/dev/$name")")" \
    use "$(json_string "$(use_of "$name")")"
}

# Prints what blkid recognises. An empty result does not prove that a device is blank.
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

# Prints the UUID of the file system on a device, if blkid recognises one.
uuid_of() { blkid --probe --match-tag UUID --output value "$1" 2>/dev/null || true; }
