#!/usr/bin/env bash
# What clients have the NFS server do: audit.sh begin|end. The end prints lines of address, operation and count.
set -euo pipefail

tracing=/sys/kernel/tracing
record=/run/lab-audit

events() {
  local event
  for event in sunrpc/svc_process nfsd/nfsd_compound_status; do echo "$1" >"$tracing/events/$event/enable"; done
}

case $1 in
begin)
  mountpoint --quiet "$tracing" || mount --types tracefs tracefs "$tracing"
  echo 16384 >"$tracing/buffer_size_kb"
  systemd-run --quiet --collect --unit=lab-audit bash -c "exec cat $tracing/trace_pipe >$record"
  events 1
  ;;
end)
  events 0
  # What is in the buffer yet.
  sleep 2
  systemctl stop lab-audit
  # A thread serves one call after the other: the operations of a compound follow the call that they came with. Calls of NFS 3
  # are an operation each.
  awk '
    / svc_process: / {
      address = operation = ""
      for (i = 1; i <= NF; i++) {
        if ($i ~ /^addr=/) { address = substr($i, 6); sub(/:[0-9]+$/, "", address) }
        if ($i ~ /^proc=/) operation = substr($i, 6)
      }
      from[$1] = address
      if (address != "" && operation != "COMPOUND") seen[address " " operation]++
    }
    / nfsd_compound_status: / { seen[from[$1] " " $(NF - 1)]++ }
    END { for (one in seen) print one, seen[one] }
  ' "$record" | sort
  rm "$record"
  ;;
*)
  echo "audit.sh: expected begin or end, got '$1'" >&2
  exit 2
  ;;
esac
