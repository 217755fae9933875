#!/usr/bin/env bash
# Reports a unit's progress, or how it ended. It waits for the end, and answers as soon as the unit has ended within
# that time.
#
# Facts: see lib/scripts/unit/unit.ts.

# shellcheck source=lib/scripts/bash/lock.sh
source bash/lock.sh
# shellcheck source=lib/scripts/bash/unit.sh
source bash/unit.sh

# How long to wait for its end, in seconds
: "${patience:?}"

# This never has a line: waiting for one takes time without starting a process, which `sleep` would.
exec {nothing}<> <(:)

# The last thing that a unit does is to write how it ended. Checking for that file costs the node less than asking
# systemd. Fails if the unit no longer runs.
wait_for_end() {
  local tries
  for ((tries = patience * 5; tries > 0; tries--)); do
    if [[ ! -d $folder || -e $folder/end ]] && ! unit_runs; then return 1; fi
    read -rt 0.2 -u "$nothing" || true
  done
  unit_runs
}

# In this order: a unit that ends in between counts as ended.
if wait_for_end; then
  state=running
elif [[ -d $folder ]]; then
  state=ended
else
  state=none
fi

# said NAME COMMAND [ARGUMENT...]: prints what COMMAND prints of that file of the unit. This runs every few seconds, so
# an empty file starts no process on the node.
said() { [[ ! -s $folder/$1 ]] || "${@:2}" "$folder/$1"; }

fact state "$state"
fact progress "$(said progress cat)"
fact report "$(unit_report)"
fact end "$(said end cat)"
fact errors "$(said errors tail --lines=10)"
report unchanged
