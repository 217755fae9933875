# shellcheck shell=bash disable=SC2154
# Copies `source` to `target` with rsync. Wants private_folder, bash/tree.sh, bash/children.sh and bash/progress.sh.

# - times count to the nanosecond: a file may change twice within a second;
# - of attributes the users' own: labels of SELinux and the like belong to the file system that they are on;
# - what lies at the root of a volume for its file system's sake or ours is neither copied nor deleted;
# - of names like a client's of removed files only those that are no folders.
# - nothing is hashed on its way from one process to the next: what arrived is read from the disk and hashed by itself.
rsync_options=(
  --checksum-choice=none
  --archive --acls --xattrs --sparse --numeric-ids --modify-window=-1 --no-human-readable
  '--filter=-x! user.*'
  --filter='- /lost+found' --filter='- /.lunward'
  "--filter=+ $removed_name/" "--filter=- $removed_name"
)

# Makes folders, then copies files of one name by several processes: where each file costs round trips to the server, they
# go on side by side. It deletes nothing, and what it leaves out or fails at is left to copy_whole, which looks at everything.
copy_side_by_side() {
  local processes=$1 part
  rsync "${rsync_options[@]}" --include='*/' --exclude='*' "$source/" "$target/" >/dev/null 2>&1 || return 0
  mkdir "$private/parts"
  # Files in turn, so that all are busy to the end.
  (
    cd "$source" || exit
    find . \( -path ./lost+found -o -path ./.lunward \) -prune -o \
      -type f -links 1 ! -name "$removed_name" -print0 2>/dev/null || true
  ) | split --elide-empty-files --number="r/$processes" --separator='\0' - "$private/parts/"
  for part in "$private/parts"/*; do
    rsync "${rsync_options[@]}" --from0 --files-from="$part" --no-implied-dirs "$source/" "$target/" >/dev/null 2>&1 &
  done
  wait_for_jobs
  rm --recursive "$private/parts"
}

# copy_whole --delete|--delete-before [OPTION...]: sets code, files, changed (bytes) and deleted.
# shellcheck disable=SC2034
copy_whole() {
  code=0
  rsync "${rsync_options[@]}" --hard-links "$@" --stats "$source/" "$target/" \
    >"$private/said" 2>"$private/complaints" &
  wait "$!" || code=$?
  files=$(number_of 'Number of regular files transferred')
  changed=$(number_of 'Total transferred file size')
  deleted=$(number_of 'Number of deleted files')
}

# attributes_of NAMES [OPTION...]: gives what NAMES names, one behind the other and each ended by NUL, and the folder itself, the access
# lists and attributes that they have in the source. Of the folder's name rsync would make everything that lies in it.
attributes_of() {
  local names=$1
  shift
  rsync "${rsync_options[@]}" "$@" --exclude='/*' "$source/" "$target/" &&
    rsync "${rsync_options[@]}" "$@" --from0 --files-from="$names" "$source/" "$target/"
}

# find_alike NAMES [OPTION...]: makes NAMES, each ended by NUL, of the files in which rsync finds nothing to be otherwise on the target:
# neither size and time nor owner, mode, access list and attributes. Of such a file it tells blanks and its name; so nothing is taken for
# alike that it could not look at, nor what has a name that it writes otherwise.
find_alike() {
  local names=$1
  shift
  rsync "${rsync_options[@]}" "$@" --dry-run -ii --8-bit-output --out-format='%i/%n' "$source/" "$target/" >"$private/said" 2>/dev/null &
  wait "$!" || true
  sed --quiet 's,^\.f *\/,,p' "$private/said" | tr '\n' '\0' >"$names"
}

number_of() {
  local found
  found=$(sed --quiet "s/^$1: \([0-9]*\).*/\1/p" "$private/said")
  echo "${found:-0}"
}

# require_room COMPLAINTS: ends the script where rsync, which ended with `code`, complained of a full target.
require_room() {
  local unit size free entries_free
  ((code == 11)) || [[ $1 == *'No space left on device'* ]] || return 0
  read -r unit size free entries_free < <(stat --file-system --format '%S %b %a %d' "$target")
  report declined "the volume is full: of $((size * unit)) bytes $((free * unit)) are free, and $entries_free inodes. \
Take a larger LUN: \"lunward plan\" says how large"
}

# What rsync complained of, without what is to be expected while an app writes: files that vanished (removed at the server
# they are stale) or became shorter while they were read. The next pass finds them as they are then.
complaints() {
  grep --text --invert-match --extended-regexp \
    -e '^(file has vanished|directory has vanished): ' \
    -e '^rsync warning: some files vanished' \
    -e ': (No data available \(61\)|Stale file handle \(116\))$' \
    -e '^rsync error: some files/attrs were not transferred' \
    -e '^WARNING: .* failed verification -- update (discarded|put into place|retained) \(will try again\)' \
    -e '^IO error encountered -- skipping file deletion' \
    "$private/complaints" || true
}
