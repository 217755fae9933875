# shellcheck shell=bash
# One script at a time works at a thing. What a script starts holds the lock with it, so that a program that outlives its
# script still keeps the next one out; the kernel gives it up with the last of them.

# Below here scripts keep notes on what they opened: a start of the system empties it, and so it ends all of that.
notes=/run/lunward

# note NAME KIND: its file.
note() { echo "$notes/${1//\//_}.$2"; }

# take_lock NAME: fails where another one holds it for longer than half a minute.
take_lock() {
  local file descriptor
  file=$(note "$1" lock)
  while true; do
    (umask 077 && mkdir --parents "$notes")
    # Whoever ends at this moment removes file and folder.
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
