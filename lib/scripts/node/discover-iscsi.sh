#!/usr/bin/env bash
# What a portal shows to this node: each target in turn is logged in to, its LUNs are looked at, and it is logged out of.
# A session that is there already is used and stays; so do records of targets.
#
# Facts: initiatorName, and targets: [{ iqn, problem, luns: [{ lun, bytes, wwn, serial, content, uuid, use }] }].

# In its canonical form: 192.0.2.200:3260 or [2001:db8::200]:3260
: "${portal:?}"

# shellcheck source=lib/scripts/bash/iscsi.sh
source bash/iscsi.sh

command -v iscsiadm >/dev/null || report declined 'iscsiadm is not installed on it: "lunward doctor" says how to install it'

code=0
# Not persistent: a record that stays would be logged in to at the next start of some systems.
said=$(iscsiadm -m discovery -t sendtargets -p "$portal" -o nonpersistent 2>&1) || code=$?
# 21: it answers, and has no target for this initiator.
((code == 0 || code == 21)) || report declined "nothing answers at $portal: ${said##*$'\n'}"
mapfile -t iqns < <(sed -n 's/^[^ ]*,[0-9]* \(\(iqn\|eui\|naa\)\.[^ ]*\)$/\1/p' <<<"$said" | sort -u)

targets=()
for iqn in "${iqns[@]}"; do
  luns='[]'
  attach "$iqn"
  [[ -z $session ]] || luns=$(luns_of "$session")
  undo_all
  targets+=("$(json_object iqn "$(json_string "$iqn")" problem "$(json_string "$problem")" luns "$luns")")
done

fact initiatorName "$(sed -n 's/^InitiatorName=//p' /etc/iscsi/initiatorname.iscsi)"
fact_json targets "$(json_array "${targets[@]}")"
report unchanged
