#!/usr/bin/env bash
# `npm test`: the checks beside the tests, so that no processor waits for another. Arguments are for Vitest. The checks
# have the last word: what they say would be lost above the names of all test files.
set -euo pipefail

said=$(mktemp)
bash "$(dirname -- "${BASH_SOURCE[0]}")/check.sh" >"$said" 2>&1 &
checks=$!
trap 'kill "$checks" 2>/dev/null || true; rm -f -- "$said"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

tests=0
vitest run "$@" || tests=$?
code=0
wait "$checks" || code=$?
cat -- "$said"
if ((tests != 0)); then
  echo 'npm test: tests have failed, see above' >&2
  exit "$tests"
fi
exit "$code"
