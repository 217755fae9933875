#!/usr/bin/env bash
# Reports what one target shows to this node: logs in, inspects, and logs out. It uses a session that exists and leaves
# it open. Nothing is written to a device.
#
# Facts: initiatorName, hadSession, problem, and luns: [{ lun, bytes, wwn, serial, content, uuid, use }].

# The portal in its canonical form; the name as it is in a PersistentVolume
: "${portal:?}"
: "${iqn:?}"
# User and password, then both of the target if it authenticates too; empty without CHAP
: "${chap[@]-}"

# shellcheck source=lib/scripts/bash/iscsi.sh
source bash/iscsi.sh

command -v iscsiadm >/dev/null || report declined 'iscsiadm is not installed on it: "lunward doctor" says how to install it'

hadSession=false luns='[]'
[[ -z $(session_of "$iqn") || -e $(target_note "$iqn" session) ]] || hadSession=true
attach "$iqn" "${chap[@]}"
[[ -z $session ]] || luns=$(luns_of "$session")

fact initiatorName "$(sed -n 's/^InitiatorName=//p' /etc/iscsi/initiatorname.iscsi)"
fact_json hadSession "$hadSession"
fact problem "$problem"
fact_json luns "$luns"
report unchanged
