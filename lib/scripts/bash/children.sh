# shellcheck shell=bash
# Programs that a script starts and that may outlive what started them, as the parts of an rsync do.

# Whatever they end with; but for those that do not end: one tells progress, the other sees that the app goes on.
wait_for_jobs() {
  local job
  for job in $(jobs -p); do
    [[ $job == "${teller:-}" || $job == "${watcher:-}" ]] || wait "$job" || true
  done
}

# Ends every other process of this script's mounts, so that nothing keeps them busy. Nobody else can be among them.
end_children() {
  local tries children process
  for tries in {1..300}; do
    children=()
    for process in /proc/[0-9]*; do
      [[ ${process##*/} == "$$" || ! $process/ns/mnt -ef /proc/self/ns/mnt ]] || children+=("${process##*/}")
    done
    ((${#children[@]} > 0)) || break
    if ((tries < 100)); then
      kill -TERM "${children[@]}" 2>/dev/null || true
    else
      kill -KILL "${children[@]}" 2>/dev/null || true
    fi
    sleep 0.1
  done
  wait
}
