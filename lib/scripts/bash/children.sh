# shellcheck shell=bash
# Programs that a script starts and that may outlive their parent, as the processes of an rsync do.

# Waits for all background jobs, whatever their exit codes. It skips the two that never end: the progress writer and the
# watcher of the app.
wait_for_jobs() {
  local job
  for job in $(jobs -p); do
    [[ $job == "${teller:-}" || $job == "${watcher:-}" ]] || wait "$job" || true
  done
}

# Ends every other process in this script's mount namespace, so that nothing keeps its mounts busy. All of them are
# children of this script.
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
