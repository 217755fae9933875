#!/usr/bin/env bash
# Checks the file system on a LUN that nothing uses. It replays the file system's journal, as every mount does, then reads
# the whole file system without writing. If ext4 has errors, or has recorded some, it has e2fsck repair what is safe, as
# the kubelet does before each mount. What needs an answer of a person is left as it is, and the script declines.
#
# Facts: see lib/scripts/lun/check-file-system.ts.

# The portal in its canonical form; the name as it is in a PersistentVolume
: "${portal:?}"
: "${iqn:?}"
: "${lun:?}"
# WWN of the disk and UUID of the file system, if they were recorded
: "${wwn?}"
: "${uuid?}"
# User and password, then both of the target if it authenticates too; empty without CHAP
: "${chap[@]-}"

# shellcheck source=lib/scripts/bash/attach.sh
source bash/attach.sh
# shellcheck source=lib/scripts/bash/device.sh
source bash/device.sh
# shellcheck source=lib/scripts/bash/file-system-check.sh
source bash/file-system-check.sh

attach "$iqn" "$lun" "${chap[@]}"
[[ -z $problem ]] || report declined "$iqn can't be used: $problem"
device=$(device_of "$session" "$lun")
[[ -n $device ]] || report declined "$iqn shows no LUN $lun to this node"
[[ -z $wwn ]] || require_name "$device" "$wwn"
require_unused "$device"
[[ -z $uuid ]] || require_file_system "$device" "$uuid"

by_hand="take a snapshot of the LUN on the NAS first; then, on this node alone and while the app is down: \
iscsiadm -m node -o new -T $iqn -p $portal; iscsiadm -m node -T $iqn -p $portal --login; lsblk --scsi (it shows the disk)"
log_out="; iscsiadm -m node -T $iqn -p $portal --logout; then run the command again"
type=$(content_of "$device")
case $type in
ext4) check_ext4 "$device" ;;
xfs) check_xfs "$device" "$(target_note "$iqn" target)" ;;
*) report declined "$device holds ${type:-nothing that is recognised}, expected ext4 or xfs: it is another volume, or was overwritten" ;;
esac
[[ -z $needs_answer ]] || report declined "$needs_answer; $by_hand; $repair$log_out"
fact type "$type"
fact said "$said"
report "$result"
