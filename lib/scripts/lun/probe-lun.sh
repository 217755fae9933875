#!/usr/bin/env bash
# What one target shows to this node, which is logged in to for that and out of again. A session that is there is used and
# stays. Nothing is written to a device.
#
# Facts: initiatorName, hadSession, problem, and luns: [{ lun, bytes, wwn, serial, content, uuid, use }].

# The portal in its canonical form, the name as it stands in a PersistentVolume
: "${portal:?}"
: "${iqn:?}"
# User, password, and both of the target where it proves itself as well; none without CHAP
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
