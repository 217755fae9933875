#!/usr/bin/env bash
# Ends a script of the product before its n-th command, by a signal that nothing can catch, as a node without power does.
#   killed.sh trace SCRIPT              runs it to its end, and prints its commands in their order, one a line
#   killed.sh try SCRIPT RESET N...     for each N: runs the shell command RESET, then the script until it is killed, then
#                                       again to its end. Prints three lines: N, the report, what is on the machine then
# Commands of subshells are not counted: they look, or write to files that only the script itself knows.
set -euo pipefail

what=$1 script=$2
state=/run/lab-killed
mkdir --parents "$state"

cat >"$state/environment" <<'END'
set -T
lab_commands=0
lab_step() {
  if [[ -n ${LAB_TRACE:-} ]]; then
    printf '%s\n' "${1//$'\n'/ }" >>"$LAB_TRACE"
  elif ((++lab_commands == LAB_KILL)); then
    kill -KILL $$
  fi
}
# Not for what this very function does, nor for what it is called by.
trap '[[ $BASHPID != "$$" || ${FUNCNAME[0]:-} == lab_step ]] || lab_step "$BASH_COMMAND"' DEBUG
END

# As an executor does: on stdin, in a mount namespace of its own.
run() { env BASH_ENV="$state/environment" "$@" unshare --mount --propagation slave -- bash -s <"$script"; }

left() {
  {
    iscsiadm -m session 2>/dev/null | sed 's/^tcp: \[[0-9]*\]/session/' || true
    find /etc/iscsi /var/lib/iscsi -type f -path '*nodes*' 2>/dev/null || true
    find /run/lunward 2>/dev/null || true
    findmnt --raw --noheadings --output TARGET --types ext4,xfs,tmpfs,nfs,nfs4 | grep -v kubelet || true
    ls -A /tmp
    systemctl list-units --all --plain --no-legend 'lunward*' || true
  } | sort | tr '\n' ' '
  echo
}

case $what in
trace)
  rm --force "$state/trace"
  run LAB_TRACE="$state/trace" >/dev/null
  cat "$state/trace"
  ;;
try)
  for number in "${@:4}"; do
    bash -ec "$3" >&2
    code=0
    run LAB_KILL="$number" >/dev/null 2>&1 || code=$?
    echo "$number $code"
    run LAB_KILL=0 2>"$state/errors" | tail --lines=1 || tail --lines=1 "$state/errors"
    left
  done
  ;;
left) left ;;
*)
  echo "killed.sh: expected trace or try, got '$what'" >&2
  exit 2
  ;;
esac
