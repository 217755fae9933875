#!/usr/bin/env bash
# Reports what a portal shows to this node: it logs in to each target in turn, inspects its LUNs and logs out. It uses a
# session that exists and leaves it open, and leaves existing records of targets as they are.
#
# Facts: initiatorName, and targets: [{ iqn, problem, luns: [{ lun, bytes, wwn, serial, content, uuid, use }] }].

# In its canonical form: 192.0.2.200:3260 or [2001:db8::200]:3260
: "${portal:?}"

# shellcheck source=lib/scripts/bash/attach.sh
source bash/attach.sh

command -v iscsiadm >/dev/null || report declined 'iscsiadm is not installed on this node: "lunward doctor" shows how to install it'

code=0
# Not persistent: some systems would log in to a remaining record at the next boot.
said=$(iscsiadm -m discovery -t sendtargets -p "$portal" -o nonpersistent 2>&1) || code=$?
# Code 21: the portal answers, and has no target for this initiator.
((code == 0 || code == 21)) || report declined "nothing answers at $portal: ${said##*$'\n'}" no-answer
mapfile -t iqns < <(sed -n 's/^[^ ]*,[0-9]* \(\(iqn\|eui\|naa\)\.[^ ]*\)$/\1/p' <<<"$said" | sort -u)

targets=()
for iqn in "${iqns[@]}"; do
  luns='[]'
  attach "$iqn" -
  [[ -z $session ]] || luns=$(luns_of "$session")
  undo_all
  targets+=("$(json_object iqn "$(json_string "$iqn")" problem "$(json_string "$problem")" luns "$luns")")
done

fact initiatorName "$(sed -n 's/^InitiatorName=//p' /etc/iscsi/initiatorname.iscsi)"
fact_json targets "$(json_array "${targets[@]}")"
report unchanged
