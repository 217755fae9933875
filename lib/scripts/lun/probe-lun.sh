#!/usr/bin/env bash
# Reports whether a target shows a LUN to this node: logs in, asks for this LUN alone, inspects it, and logs out. It uses a
# session that exists and leaves it open, with the LUNs that it showed before. Nothing is written to a device.
#
# Facts: initiatorName, wasShown, problem, and luns: [{ lun, bytes, wwn, serial, content, uuid, use }].

# The portal in its canonical form; the name as it is in a PersistentVolume
: "${portal:?}"
: "${iqn:?}"
: "${lun:?}"
# User and password, then both of the target if it authenticates too; empty without CHAP
: "${chap[@]-}"

# shellcheck source=lib/scripts/bash/attach.sh
source bash/attach.sh

command -v iscsiadm >/dev/null || report declined 'iscsiadm is not installed on this node: "lunward doctor" shows how to install it'

# Prints whether the node shows the LUN for another process, at any portal.
was_shown() {
  local session own
  own=$(own_session "$iqn")
  for session in $(sessions_of "$iqn"); do
    [[ $session == "$own" || -z $(device_of "$session" "$lun") ]] || is_shown_by_us "$iqn" "$session" "$lun" || {
      echo true
      return
    }
  done
  echo false
}

luns='[]'
wasShown=$(was_shown)
attach "$iqn" "$lun" "${chap[@]}"
[[ -z $session ]] || luns=$(luns_of "$session")

fact initiatorName "$(sed -n 's/^InitiatorName=//p' /etc/iscsi/initiatorname.iscsi)"
fact_json wasShown "$wasShown"
fact problem "$problem"
fact_json luns "$luns"
report unchanged
