#!/usr/bin/env bash
# Copies a volume to one that is being built, while the app goes on writing. It repeats until little is left to copy, or
# the remainder no longer shrinks.
#
# Facts: see lib/scripts/copy/warm-copy.ts.

# nfs or iscsi
: "${target_kind:?}"
# shellcheck source=lib/scripts/bash/target-iscsi.sh
source "bash/target-$target_kind.sh"
# nfs or iscsi
: "${source_kind:?}"
# shellcheck source=lib/scripts/bash/source-nfs.sh
source "bash/source-$source_kind.sh"
# shellcheck source=lib/scripts/bash/tree.sh
source bash/tree.sh
# shellcheck source=lib/scripts/bash/children.sh
source bash/children.sh
# shellcheck source=lib/scripts/bash/progress.sh
source bash/progress.sh
# shellcheck source=lib/scripts/bash/rsync.sh
source bash/rsync.sh
# shellcheck source=lib/scripts/bash/hashes.sh
source bash/hashes.sh
# shellcheck source=lib/scripts/bash/databases.sh
source bash/databases.sh
# shellcheck source=lib/scripts/bash/shrunk.sh
source bash/shrunk.sh

# ext4, xfs or nfs
: "${type:?}"
: "${uuid:?}"
: "${attempt:?}"
# Name of the PersistentVolume
: "${volume:?}"
# A pass that copies no more bytes than this is the last
: "${little:?}"
: "${most_passes:?}"
: "${processes:?}"

# Ends the script if a pass failed.
judge() {
  local found
  found=$(complaints)
  require_room "$found"
  case $code in
  0 | 24) ;;
  23) [[ -z $found ]] || report declined "rsync could not copy these: $(head --lines=5 <<<"$found")" not-copied ;;
  *)
    cat "$private/complaints" >&2
    exit "$code"
    ;;
  esac
}

# A pass deletes what the source no longer has.
require_source_whole() {
  list_files "$source" "$lists/source" 0
  list_files "$target" "$lists/target" 0
  require_not_shrunk "$lists/source" "$lists/target"
}

private_folder
mount_source
read_abilities
lists=$private/lists
mkdir "$lists"
open_target
require_building "$type" "$uuid" "$attempt" "$volume"
mount_target "$type"
undo_later end_children

count_from_here
tell_progress copy '' used_of_target &
teller=$!
start=$SECONDS
read -r _ entries < <(used_of_target)
# Only a copy that has hardly begun gains from this.
((entries > 1000)) || copy_side_by_side "$processes"
beginning=$((SECONDS - start))

passes=() before=0
while true; do
  start=$SECONDS
  # A new mount has nothing cached.
  mount_source "pass-${#passes[@]}"
  require_source_whole
  # Deleting first makes room for new files.
  copy_whole --delete-before
  judge
  passes+=("$(json_object seconds "$((SECONDS - start))" files "$files" bytes "$changed" deleted "$deleted")")
  ((changed > little && ${#passes[@]} < most_passes)) || break
  # Otherwise the app writes as fast as the data is copied.
  ((before == 0 || changed * 2 < before)) || break
  before=$changed
done
# Write errors of the disk show only now.
sync --file-system "$target"
read -r used entries < <(used_of_target)

fact_json passes "$(json_array "${passes[@]}")"
fact_json secondsSideBySide "$beginning"
fact_json remainder "$changed"
fact_json usedBytes "$used"
fact version "$version"
fact_json xattrs "$xattrs"
fact_json posixAcls "$posixAcls"
fact_json nfs4Acls "$nfs4Acls"
report changed
