# shellcheck shell=bash
# What a script must take back before it ends, however it ends: the last first.

undo_words=()
undo_counts=()

# undo_later COMMAND [ARGUMENT...]
undo_later() {
  undo_words+=("$@")
  undo_counts+=("$#")
}

# A step that fails is told, and does not keep the others from being taken: the script has then failed.
undo_all() {
  local count start failed=0
  while ((${#undo_counts[@]} > 0)); do
    count=${undo_counts[-1]}
    start=$((${#undo_words[@]} - count))
    # Forgotten before it is taken: a trap that comes in between must not take it again.
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
