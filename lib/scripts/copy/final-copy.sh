#!/usr/bin/env bash
# Completes the copy of a volume while the app is stopped, proves that it is complete, and seals the volume. It does not
# read files again that were hashed while the app ran and have not changed since, unless all of them are read within
# seconds.
#
# Facts: see lib/scripts/copy/final-copy.ts.

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
# shellcheck source=lib/scripts/bash/manifest.sh
source bash/manifest.sh
# shellcheck source=lib/scripts/bash/read-so-far.sh
source bash/read-so-far.sh
# shellcheck source=lib/scripts/bash/scan.sh
source bash/scan.sh
# shellcheck source=lib/scripts/bash/databases.sh
source bash/databases.sh
# shellcheck source=lib/scripts/bash/database-check.sh
source bash/database-check.sh
# shellcheck source=lib/scripts/bash/vouch.sh
source bash/vouch.sh
# shellcheck source=lib/scripts/bash/shrunk.sh
source bash/shrunk.sh
# shellcheck source=lib/scripts/bash/patch.sh
source bash/patch.sh
# shellcheck source=lib/scripts/bash/sealed.sh
source bash/sealed.sh

# ext4, xfs or nfs
: "${type:?}"
: "${uuid:?}"
: "${attempt:?}"
# Name of the PersistentVolume
: "${volume:?}"
: "${processes:?}"

# Makes `vouched`: the files for which a hash holds.
list_both_sides() {
  scan_whole "$source" "$lists/first"
  files_of "$lists/first" >"$lists/source"
  scan_whole "$target" "$lists/before"
  files_of "$lists/before" >"$lists/before.files"
  read_vouchers "$target" "$lists/source"
  vouch "$lists/source" "$lists/before.files" "$lists/vouched"
  withdraw_databases "$lists/vouched" "$lists/before.files" "$target"
  vouch "$lists/source" "$lists/before.files" "$lists/vouched"
}

# rsync takes files of the same size and time for equal. Without a hash that vouches for it this proves nothing: after a
# power loss a file may have both, and hold zeros. So these files get a time that no other file has, and rsync copies
# them like any other that differs, in the one pass that knows all names of a file and has made room by deleting first.
# A hash recorded for one of them no longer holds, because its ctime changed, wherever this is killed.
doubt_unvouched() {
  comm --zero-terminated -12 <(fields 1,3,4 "$lists/source") <(fields 1,3,4 "$lists/before.files") |
    joined -v 1 -o 1.1 - "$lists/vouched" | decode | sed --null-data 's,^,./,' >"$private/doubted"
  (
    cd "$target" || exit
    xargs --null --no-run-if-empty touch -m --no-create --date="@$(date +%s.%N)" <"$private/doubted"
  )
}

copy() {
  doubt_unvouched
  # Deleting first makes room for new files.
  copy_whole --delete-before --no-acls --no-xattrs
  require_copied
  # Each of these files costs requests to the server, which is what takes long in a copy that has little to do.
  unvouched "$lists/vouched"
  code=0
  attributes_of "$private/unvouched" >/dev/null 2>"$private/complaints" &
  wait "$!" || code=$?
  require_copied
  # Write errors of the disk show only now.
  sync --file-system "$target"
}

# No process writes to the source any more, so no file may vanish or become shorter.
require_copied() {
  local said
  said=$(<"$private/complaints")
  require_room "$said"
  ((code == 0)) || report declined "rsync could not copy these (exit code $code): $(head --lines=5 <<<"$said")" not-copied
}

# unvouched FILES: makes private/unvouched of all names in the source except those of FILES.
unvouched() { joined -v 1 -o 1.1 "$lists/first" "$1" | decode | sed --null-data '/^$/d; s,^,./,' >"$private/unvouched"; }

# Scans the source again, through a mount that has nothing cached.
require_unmoved() {
  scan_whole "$source" "$lists/second"
  lasting "$lists/first" >"$lists/first.lasting"
  lasting "$lists/second" >"$lists/second.lasting"
  unequal "$lists/first.lasting" "$lists/second.lasting" >"$lists/moved"
  [[ ! -s $lists/moved ]] || report declined "the source changed while the app was down: $(named "$lists/moved"). \
Something else writes to $source_name: find it and stop it" source-changed
}

# Compares everything but the bytes of files on both sides, without rsync. Makes `held`: the vouched files that the copy
# has not written to.
compare_scans() {
  local side
  scan_whole "$target" "$lists/target"
  for side in first target; do
    fields "$copied_fields" "$lists/$side" >"$lists/$side.copied"
    first_names "$lists/$side" >"$lists/$side.names"
  done
  {
    unequal "$lists/first.copied" "$lists/target.copied"
    unequal "$lists/first.names" "$lists/target.names"
  } >"$lists/unequal"
  [[ ! -s $lists/unequal ]] || report declined "these differ between source and volume in type, owner, mode, size, time or \
names: $(named "$lists/unequal")"
  files_of "$lists/target" >"$lists/target.files"
  vouch "$lists/source" "$lists/target.files" "$lists/still"
  comm --zero-terminated -12 "$lists/vouched" "$lists/still" >"$lists/held"
  joined -v 1 "$lists/source" "$lists/held" >"$lists/source.open"
  joined -v 1 "$lists/target.files" "$lists/held" >"$lists/target.open"
}

# Reads both sides at the same time: one waits for its network, the other for its disk. Makes `hashes` of all files.
compare_hashes() {
  local side
  hash_files "$source" "$lists/source.open" "$processes" &
  hash_files "$target" "$lists/target.open" "$processes"
  for side in source target; do
    joined -v 1 -o 1.1 "$lists/$side.open" "$lists/$side.open.hashes" | decode >"$lists/unread"
    [[ ! -s $lists/unread ]] || report declined "$(number_of_names "$lists/unread") files of the $side can't be read: \
$(named "$lists/unread") ($(head --lines=1 "$lists/$side.open.complaints"))"
  done
  unequal "$lists/source.open.hashes" "$lists/target.open.hashes" >"$lists/unequal"
  [[ ! -s $lists/unequal ]] || report declined "$(number_of_names "$lists/unequal") files have other bytes on the volume's disk than in \
the source: $(named "$lists/unequal"). Do not trust the disk or the network"
  sorted "$lists/held" "$lists/target.open.hashes" >"$lists/hashes"
}

# rsync alone compares ACLs and attributes, of everything that nothing vouches for. It mostly waits for the server, so
# it runs in parallel with the next steps.
begin_comparing() {
  unvouched "$lists/held"
  attributes_of "$private/unvouched" --dry-run --itemize-changes >"$private/differences" 2>&1 &
  comparing=$!
}

end_comparing() {
  local code=0
  wait "$comparing" || code=$?
  [[ $code == 0 && ! -s $private/differences ]] || report declined "rsync (exit code $code) still finds differences between \
source and volume: $(head --lines=5 "$private/differences")"
}

private_folder
begin_part list
open_target
target_before=$(bytes_from_target)
look_at_unused "$type" "$uuid"
undo_later unmount_target
require_unsealed
undo_later end_children
mount_target_afresh "$type" rw
# Mounting read-write has replayed the journal, which may have held the last writes.
read_marker "$target"
require_unsealed
lists=$private/lists
mkdir "$lists"
mount_source
list_both_sides
require_not_shrunk "$lists/source" "$lists/before.files"

begin_part copy
count_from_here
tell_progress copy '' used_of_target &
teller=$!
copy
source_bytes=$(bytes_from_source)
end_children

begin_part scan
mount_source again
require_unmoved
digest=$(scan_digest "$lists/first")

begin_part compare
mount_target_afresh "$type" ro
compare_scans

begin_part hash
target_bytes=$(bytes_from_target)
target_before=$((target_before + target_bytes))
total=$(($(sum_to_hash "$lists/source.open" 3) + $(sum_to_hash "$lists/target.open" 3)))
tell_progress hash "$total" hashed_so_far &
teller=$!
compare_hashes
end_children
require_patchable "$lists/target" "$lists/hashes"

source_bytes=$((source_bytes + $(bytes_from_source))) target_bytes=$((target_bytes + $(bytes_from_target)))

begin_part databases
begin_comparing
# Both sides have the same bytes, so one check stands for both. No database is vouched for, so all of them are in
# target.open.
sizes_of "$lists/target.open" "$lists/target.files" >"$lists/sizes"
find_databases "$target" <"$lists/sizes" >"$lists/databases"
check_databases "$target" "$lists/databases"
((${#damaged[@]} == 0)) || report declined "these databases are damaged, in the source as in the copy: ${damaged[*]}. The volume \
was not sealed" database-damaged

begin_part compare
end_comparing

begin_part seal
gather_facts
seal
report_sealed changed
