#!/usr/bin/env bash
# Stops a unit if it runs, and removes what is left of it, including its report.

# shellcheck source=lib/scripts/bash/lock.sh
source bash/lock.sh
# shellcheck source=lib/scripts/bash/unit.sh
source bash/unit.sh

take_lock "$unit" || report declined "another run of lunward is starting $unit: wait until it ends" busy
result=unchanged
if unit_runs; then
  # On SIGTERM the script undoes what it opened; this waits for that.
  systemctl stop "$unit.service"
  result=changed
fi
rm --recursive --force "$folder"
report "$result"
