#!/usr/bin/env bash
# Starts a script as a unit, unless it already runs, or has ended with a report that was not collected yet.

# shellcheck source=lib/scripts/bash/lock.sh
source bash/lock.sh
# shellcheck source=lib/scripts/bash/unit.sh
source bash/unit.sh

# The script's hash, and its whole text
: "${hash:?}"
: "${text:?}"
# yes or no: an app is down until the script has ended
: "${urgent:?}"

take_lock "$unit" || report declined "another run of lunward is starting $unit: wait until it ends" busy
if unit_runs; then
  [[ $(<"$folder/hash") == "$hash" ]] ||
    report declined "$unit already runs with other parameters: wait until it ends, or cancel it" busy
  report unchanged
fi
if [[ $(cat "$folder/hash" 2>/dev/null) == "$hash" && -n $(unit_report) ]]; then report unchanged; fi

# Left by a unit that was killed.
rm --recursive --force "$folder"
umask 077
mkdir "$folder"
printf '%s' "$hash" >"$folder/hash"
printf '%s' "$text" >"$folder/script"
# The script may contain secrets, so it is removed first.
cat >"$folder/ending" <<'ENDING'
rm -f "$1/script"
echo "$SERVICE_RESULT $EXIT_STATUS" >"$1/end"
ENDING

# Nice, weight and class: lower priority than all work of the node's apps.
standing=(--property=Nice=10 --property=CPUWeight=20 --property=IOSchedulingClass=idle)
[[ $urgent == no ]] || standing=()
systemd-run --quiet --collect --unit="$unit" --description="lunward: $unit" --service-type=exec \
  --property=PrivateMounts=yes --property=KillMode=control-group --property=TimeoutStopSec=120 \
  "${standing[@]}" \
  --property=StandardOutput="append:$folder/output" --property=StandardError="append:$folder/errors" \
  --property=ExecStopPost="$BASH $folder/ending $folder" --setenv=LUNWARD_PROGRESS="$folder/progress" \
  --setenv=PATH="$PATH" \
  "$BASH" "$folder/script"
report changed
