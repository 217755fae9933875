# shellcheck shell=bash disable=SC2154
# Copies `source` to `target` with rsync. Requires private_folder, bash/tree.sh, bash/children.sh and bash/progress.sh.

# What the options mean:
# - times count to the nanosecond: a file may change twice within a second;
# - only attributes in the user namespace are copied: SELinux labels and the like belong to the file system that they
#   are on;
# - what belongs to the file system or to Lunward at the root of a volume is neither copied nor deleted;
# - of entries named like an NFS client's removed files, only folders are copied;
# - rsync computes no checksums in transit: the copy is read from the disk and hashed separately.
rsync_options=(
  --checksum-choice=none
  --archive --acls --xattrs --sparse --numeric-ids --modify-window=-1 --no-human-readable
  '--filter=-x! user.*'
  --filter='- /lost+found' --filter='- /.lunward'
  "--filter=+ $removed_name/" "--filter=- $removed_name"
)

# Makes folders, then copies files with one name by several processes in parallel, because each file costs round trips
# to the server. It deletes nothing. copy_whole checks everything, and does what this leaves out or fails at.
copy_side_by_side() {
  local processes=$1 part
  rsync "${rsync_options[@]}" --include='*/' --exclude='*' "$source/" "$target/" >/dev/null 2>&1 || return 0
  mkdir "$private/parts"
  # Deals the files out in turn, so that all processes are busy to the end.
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

# copy_whole --delete-before [OPTION...]: sets code, files, changed (bytes) and deleted.
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

# attributes_of NAMES [OPTION...]: copies access lists and attributes of the root folder and of the entries in NAMES,
# each ended by NUL. The root has a call of its own: its name in a list would make rsync take everything in it.
attributes_of() {
  local names=$1
  shift
  rsync "${rsync_options[@]}" "$@" --exclude='/*' "$source/" "$target/" &&
    rsync "${rsync_options[@]}" "$@" --from0 --files-from="$names" "$source/" "$target/"
}

# find_alike NAMES [OPTION...]: makes NAMES, each ended by NUL, of the files in which rsync finds no difference on the
# target: neither size and time nor owner, mode, access list and attributes. For such a file rsync prints blanks and the
# name. So a file that it could not read does not count as alike, nor one whose name it escapes.
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

# require_room COMPLAINTS: ends the script if rsync, which exited with `code`, complained of a full target.
require_room() {
  local unit size free entries_free
  ((code == 11)) || [[ $1 == *'No space left on device'* ]] || return 0
  read -r unit size free entries_free < <(stat --file-system --format '%S %b %a %d' "$target")
  report declined "the volume is full: $((free * unit)) of $((size * unit)) bytes and $entries_free inodes are free. \
Use a larger volume: \"lunward plan\" shows the size" full
}

# Prints rsync's complaints, without those that are normal while an app writes: files that vanished (stale if removed at
# the server) or became shorter during the reading. The next pass copies them as they are then.
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
