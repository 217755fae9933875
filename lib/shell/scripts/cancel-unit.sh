#!/usr/bin/env bash
# Ends a unit where it runs, and removes what is left of it: its report too.

# shellcheck source=lib/shell/scripts/lib/lock.sh
source lib/lock.sh
# shellcheck source=lib/shell/scripts/lib/unit.sh
source lib/unit.sh

take_lock "$unit" || report declined "another run of lunward is just starting $unit"
result=unchanged
if unit_runs; then
  # Told to end, it takes back what it opened, and this waits for that.
  systemctl stop "$unit.service"
  result=changed
fi
rm --recursive --force "$folder"
report "$result"
