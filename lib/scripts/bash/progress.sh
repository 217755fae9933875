# shellcheck shell=bash
# Reports the progress of a long script.

# The file for a unit's progress; empty outside a unit, where nothing reads it.
progress=${LUNWARD_PROGRESS:-}

# used_of FOLDER: prints the bytes and inodes in use, according to the file system. This is right however many programs
# write there, and it includes what an earlier run has copied.
used_of() {
  local unit blocks free inodes inodes_free
  read -r unit blocks free inodes inodes_free < <(stat --file-system --format '%S %b %f %c %d' "$1")
  echo "$(((blocks - free) * unit)) $((inodes - inodes_free))"
}

# tell_progress STEP TOTAL COMMAND [ARGUMENT...]: writes every 4 s what COMMAND prints: bytes and entries. TOTAL is in
# bytes, or empty if it is not known.
tell_progress() {
  local step=$1 total=$2 bytes entries first start=$SECONDS of=()
  shift 2
  [[ -n $progress ]] || return 0
  [[ -z $total ]] || of=(totalBytes "$total")
  read -r first _ < <("$@")
  while true; do
    read -r bytes entries < <("$@")
    json_object step "$(json_string "$step")" bytes "$bytes" "${of[@]}" entries "$entries" seconds "$((SECONDS - start))" \
      bytesPerSecond "$(((bytes - first) / (SECONDS - start + 1)))" >"$progress.draft"
    echo >>"$progress.draft"
    # The rename gives readers a whole line at any time.
    mv --force "$progress.draft" "$progress"
    sleep 4
  done
}
