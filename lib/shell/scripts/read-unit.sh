#!/usr/bin/env bash
# How far a unit is, or how it ended; as soon as it has ended, if that is soon.
#
# Facts: see lib/shell/unit.ts.

# shellcheck source=lib/shell/scripts/lib/lock.sh
source lib/lock.sh
# shellcheck source=lib/shell/scripts/lib/unit.sh
source lib/unit.sh

# For its end, in seconds
: "${patience:?}"

# The last that a unit does is to write how it ended, and to look for that costs the node less than to ask systemd.
wait_for_end() {
  local tries
  for ((tries = patience * 5; tries > 0; tries--)); do
    if [[ -e $folder/end ]] && ! unit_runs; then break; fi
    sleep 0.2
  done
}

! unit_runs || wait_for_end
# In this order: one that ends meanwhile has run.
state=none
[[ ! -d $folder ]] || state=ended
! unit_runs || state=running

fact state "$state"
fact progress "$(cat "$folder/progress" 2>/dev/null || true)"
fact report "$(unit_report)"
fact end "$(cat "$folder/end" 2>/dev/null || true)"
fact errors "$(tail --lines=10 "$folder/errors" 2>/dev/null || true)"
report unchanged
