# shellcheck shell=bash
# Steps that a script undoes before it ends, however it ends: the last one first.

undo_words=()
undo_counts=()

# undo_later COMMAND [ARGUMENT...]: runs this command when the script ends.
undo_later() {
  undo_words+=("$@")
  undo_counts+=("$#")
}

# Runs every step, also after one that fails. A failed step is printed, and the script fails.
undo_all() {
  local count start failed=0
  while ((${#undo_counts[@]} > 0)); do
    count=${undo_counts[-1]}
    start=$((${#undo_words[@]} - count))
    # Removed from the list before it runs: a trap in between must not run it again.
    local step=("${undo_words[@]:start}")
    undo_words=("${undo_words[@]:0:start}")
    unset 'undo_counts[-1]'
    "${step[@]}" || {
      failed=1
      echo "not undone: ${step[*]}" >&2
    }
  done
  return "$failed"
}

trap undo_all EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
