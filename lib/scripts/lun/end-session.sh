#!/usr/bin/env bash
# Logs this node out of a target whose LUN it does not use. A kubelet that could not mount what it found on the LUN
# stays logged in after its pod is gone.
#
# Facts: none.

# shellcheck source=lib/scripts/bash/sessions.sh
source bash/sessions.sh
# shellcheck source=lib/scripts/bash/disk-use.sh
source bash/disk-use.sh

: "${iqn:?}"
: "${lun:?}"

# require_idle SESSION: no process has its LUN mounted, held or open, and the session shows no other LUN.
require_idle() {
  local device name number use opener
  for device in "$1"/device/target*/*:*:*:*/block/*; do
    name=${device##*/} number=${device%/block/*}
    number=${number##*:}
    [[ $number == "$lun" ]] || report declined "$iqn also shows LUN $number: a logout would take it from what uses it" other-luns
    use=$(use_of "$name")
    [[ -z $use ]] || report declined "$name, LUN $lun of $iqn, is $use" in-use
    opener=$(find /proc/[0-9]*/fd -lname "/dev/$name" -print -quit 2>/dev/null || true)
    [[ -z $opener ]] || report declined "process $(cut --delimiter=/ --fields=3 <<<"$opener") has $name, LUN $lun of $iqn, open" in-use
  done
}

# Notes the portal of a logout that has begun: its record must be removed too.
leaving=$(target_note "$iqn" leaving)

# As the kubelet does after its own logout: DetachDisk() in pkg/volume/iscsi/iscsi_util.go. There may be no record.
forget_record() {
  portal=$(<"$leaving")
  [[ -z $portal ]] || node "$iqn" -o delete >/dev/null 2>&1 || true
  rm --force "$leaving"
}

take_lock "${iqn,,}" || report declined "another run of lunward uses $iqn on this node: wait until it ends" busy
result=unchanged
if [[ -e $leaving ]]; then
  forget_record
  result=changed
fi
for session in /sys/class/iscsi_session/session*; do
  is_session_of "$session" "$iqn" || continue
  require_idle "$session"
  portal_of "${session##*session}" >"$leaving"
  iscsiadm -m session -r "${session##*session}" --logout >/dev/null
  forget_record
  rm --force "$(target_note "$iqn" session)"
  result=changed
done
report "$result"
