#!/usr/bin/env bash
# Reports errors of the file system on a LUN, if this node has it mounted, in any mount namespace. It logs in to nothing,
# opens the disk for reading alone, and never waits for a disk that does not answer.
#
# Facts: see lib/scripts/lun/mounted-errors.ts.

# shellcheck source=lib/scripts/bash/sessions.sh
source bash/sessions.sh
# shellcheck source=lib/scripts/bash/luns.sh
source bash/luns.sh
# shellcheck source=lib/scripts/bash/file-system-errors.sh
source bash/file-system-errors.sh

: "${iqn:?}"
: "${lun:?}"

# built_on NAME: prints the kernel's name of a disk, and of each device that is built on it, as multipath's is.
built_on() {
  local holder
  echo "$1"
  for holder in "/sys/block/$1/holders"/*; do built_on "${holder##*/}"; done
}

# mounted_json NAME STATE: prints what is known of the file system that is mounted from a device; nothing if none is.
mounted_json() {
  local process point options type super found stopped='' seen='' disk='' look=''
  while read -r process point options type super; do
    found=$(stopped_by "$options" "$super")
    [[ -z $found ]] || stopped=$found
    [[ -n $seen ]] || seen="$process $point $type"
  done < <(mounts_of /proc "$(<"/sys/class/block/$1/dev")")
  [[ -n $seen ]] || return 0
  read -r process point type <<<"$seen"
  # A space is written as \040.
  printf -v point %b "$point"
  # The kernel holds back what is asked of a disk whose session is lost, until it gives up.
  if [[ $2 == blocked ]]; then
    disk=hangs
  else
    disk=$(tried dd if="/dev/$1" of=/dev/null bs=4096 count=1 iflag=direct status=none)
    [[ $disk == hangs ]] || look=$(tried ls -U --almost-all "/proc/$process/root$point")
  fi
  json_object device "$(json_string "/dev/$1")" type "$(json_string "$type")" mountpoint "$(json_string "$point")" \
    diskState "$(json_string "$2")" stopped "$(json_string "$stopped")" disk "$(json_string "$disk")" \
    look "$(json_string "$look")" errors "$(recorded_errors /sys "$1")"
}

found=()
declare -A known=()
for session in $(sessions_of "$iqn"); do
  while IFS= read -r folder; do
    state=$(attribute "$folder/device/state")
    while IFS= read -r name; do
      [[ -z ${known[$name]:-} ]] || continue
      known[$name]=yes
      json=$(mounted_json "$name" "$state")
      [[ -z $json ]] || found+=("$json")
    done < <(built_on "${folder##*/}")
  done < <(disks_of "$session" "$lun")
done
fact_json mounted "$(json_array "${found[@]}")"
report unchanged
