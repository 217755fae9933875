# shellcheck shell=bash
# Locks, so that one script at a time works on a target or folder. Programs that a script starts hold the lock too: one
# that outlives its script still keeps the next script out. The kernel releases the lock when the last of them ends.

# Scripts keep notes here on what they opened. A reboot empties this folder, and also ends everything that the notes
# name.
notes=/run/lunward

# note NAME KIND: prints the path of a note.
note() { echo "$notes/${1//\//_}.$2"; }

# take_lock NAME: fails if another process holds the lock for more than 30 s.
take_lock() {
  local file descriptor
  file=$(note "$1" lock)
  while true; do
    (umask 077 && mkdir --parents "$notes")
    # A script that ends at this moment removes file and folder.
    { exec {descriptor}>>"$file"; } 2>/dev/null || continue
    if ! flock --timeout 30 "$descriptor"; then
      exec {descriptor}>&-
      return 1
    fi
    [[ ! "$file" -ef /proc/self/fd/$descriptor ]] || break
    exec {descriptor}>&-
  done
  undo_later release_lock "$file" "$descriptor"
}

release_lock() {
  local descriptor=$2
  rm --force "$1"
  exec {descriptor}>&-
  rmdir "$notes" 2>/dev/null || true
}
