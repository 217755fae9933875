#!/usr/bin/env bash
# Linter, types and import rules, side by side: one processor is enough for each. Prints what each has said, one after
# the other, and fails if one has failed.
set -euo pipefail

said=$(mktemp -d)
children=()
trap 'if ((${#children[@]})); then kill "${children[@]}" 2>/dev/null || true; fi; rm -rf -- "$said"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

start() { # NAME COMMAND...
  "${@:2}" >"$said/$1" 2>&1 &
  children+=("$!")
}

start linter biome check --error-on-warnings
start types tsc --noEmit -p . --incremental --tsBuildInfoFile node_modules/.cache/lunward.tsbuildinfo
start imports depcruise lib

code=0
for child in "${children[@]}"; do
  wait "$child" || code=$?
done
children=()
cat "$said/linter" "$said/types" "$said/imports"
exit "$code"
