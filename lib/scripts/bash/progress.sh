# shellcheck shell=bash
# How far a long script is.

# Where a unit tells how far it is; nobody reads it elsewhere.
progress=${LUNWARD_PROGRESS:-}

# used_of FOLDER: bytes and inodes that are taken, as its file system says. So it is right however many programs write there,
# and whatever a former run has copied already.
used_of() {
  local unit blocks free inodes inodes_free
  read -r unit blocks free inodes inodes_free < <(stat --file-system --format '%S %b %f %c %d' "$1")
  echo "$(((blocks - free) * unit)) $((inodes - inodes_free))"
}

# tell_progress STEP TOTAL COMMAND [ARGUMENT...]: from now on, every four seconds, what COMMAND prints: bytes and entries. TOTAL
# is that of the bytes, empty where it is not known.
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
    # Whoever reads it finds a whole line.
    mv --force "$progress.draft" "$progress"
    sleep 4
  done
}
