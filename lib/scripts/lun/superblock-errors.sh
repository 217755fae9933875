#!/usr/bin/env bash
# Reports what the superblock of a LUN's file system has recorded about errors. Nothing may use the LUN: a file system that
# is mounted is asked of the kernel. Nothing is mounted, and nothing is written.
#
# Facts: see lib/scripts/lun/superblock-errors.ts.

# The portal in its canonical form; the name as it is in a PersistentVolume
: "${portal:?}"
: "${iqn:?}"
: "${lun:?}"
# User and password, then both of the target if it authenticates too; empty without CHAP
: "${chap[@]-}"

# shellcheck source=lib/scripts/bash/attach.sh
source bash/attach.sh
# shellcheck source=lib/scripts/bash/device.sh
source bash/device.sh
# shellcheck source=lib/scripts/bash/file-system-errors.sh
source bash/file-system-errors.sh

command -v iscsiadm >/dev/null || report declined 'iscsiadm is not installed on this node: "lunward doctor" shows how to install it'
attach "$iqn" "$lun" "${chap[@]}"
[[ -z $problem ]] || report declined "$iqn can't be used: $problem"
device=$(device_of "$session" "$lun")
[[ -n $device ]] || report declined "$iqn shows no LUN $lun to this node"
require_unused "$device"
type=$(content_of "$device")
text=''
[[ $type != ext4 ]] || text=$(TZ=UTC0 timeout --signal=KILL 60 dumpe2fs -h "$device" 2>/dev/null) ||
  report declined "the superblock of $device can't be read"
fact type "$type"
fact state "$(field_of "$text" 'Filesystem state')"
fact_json errors "$(superblock_errors "$text")"
report unchanged
