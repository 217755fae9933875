#!/usr/bin/env bash
# Ends a unit where it runs, and removes what is left of it: its report too.

# shellcheck source=lib/scripts/bash/lock.sh
source bash/lock.sh
# shellcheck source=lib/scripts/bash/unit.sh
source bash/unit.sh

take_lock "$unit" || report declined "another run of lunward is just starting $unit"
result=unchanged
if unit_runs; then
  # Told to end, it takes back what it opened, and this waits for that.
  systemctl stop "$unit.service"
  result=changed
fi
rm --recursive --force "$folder"
report "$result"
