#!/usr/bin/env bash
# How far a unit is, or how it ended; as soon as it has ended, if that is soon.
#
# Facts: see lib/scripts/unit/unit.ts.

# shellcheck source=lib/scripts/bash/lock.sh
source bash/lock.sh
# shellcheck source=lib/scripts/bash/unit.sh
source bash/unit.sh

# For its end, in seconds
: "${patience:?}"

# Never has a line: to wait for one takes time, and no process, as `sleep` does.
exec {nothing}<> <(:)

# The last that a unit does is to write how it ended, and to look for that costs the node less than to ask systemd.
# Fails where it runs no more.
wait_for_end() {
  local tries
  for ((tries = patience * 5; tries > 0; tries--)); do
    if [[ ! -d $folder || -e $folder/end ]] && ! unit_runs; then return 1; fi
    read -rt 0.2 -u "$nothing" || true
  done
  unit_runs
}

# In this order: one that ends meanwhile has run.
if wait_for_end; then
  state=running
elif [[ -d $folder ]]; then
  state=ended
else
  state=none
fi

# said NAME COMMAND [ARGUMENT...]: what COMMAND prints of that file of the unit. This is asked every few seconds: a file with
# nothing in it costs the node no process.
said() { [[ ! -s $folder/$1 ]] || "${@:2}" "$folder/$1"; }

fact state "$state"
fact progress "$(said progress cat)"
fact report "$(unit_report)"
fact end "$(said end cat)"
fact errors "$(said errors tail --lines=10)"
report unchanged
