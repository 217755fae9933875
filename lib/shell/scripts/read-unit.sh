#!/usr/bin/env bash
# How far a unit is, or how it ended.
#
# Facts: see lib/shell/unit.ts.

# shellcheck source=lib/shell/scripts/lib/lock.sh
source lib/lock.sh
# shellcheck source=lib/shell/scripts/lib/unit.sh
source lib/unit.sh

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
