#!/usr/bin/env bash
# Compares the files of a sealed volume with the list from when it was sealed. Where the app runs, it reads through the
# mount that exists; where nothing uses the LUN, it mounts it. Either way it writes nothing to the volume.
#
# Facts: see lib/scripts/copy/verify-volume.ts.

# nfs or iscsi
: "${target_kind:?}"
# shellcheck source=lib/scripts/bash/target-iscsi.sh
source "bash/target-$target_kind.sh"
# shellcheck source=lib/scripts/bash/open-sealed-iscsi.sh
source "bash/open-sealed-$target_kind.sh"
# shellcheck source=lib/scripts/bash/private.sh
source bash/private.sh
# shellcheck source=lib/scripts/bash/tree.sh
source bash/tree.sh
# shellcheck source=lib/scripts/bash/children.sh
source bash/children.sh
# shellcheck source=lib/scripts/bash/progress.sh
source bash/progress.sh
# shellcheck source=lib/scripts/bash/hashes.sh
source bash/hashes.sh
# shellcheck source=lib/scripts/bash/from-disk.sh
source bash/from-disk.sh
# shellcheck source=lib/scripts/bash/manifest.sh
source bash/manifest.sh
# shellcheck source=lib/scripts/bash/read-so-far.sh
source bash/read-so-far.sh
# shellcheck source=lib/scripts/bash/compare-sealed.sh
source bash/compare-sealed.sh

: "${attempt:?}"
# Name of the PersistentVolume
: "${volume:?}"
# UUID of the file system
: "${uuid:?}"
# yes: reads files; no: reports only what size and time show
: "${hashes:?}"
: "${processes:?}"
# The most names that are reported of each kind
: "${most_names:?}"

# shellcheck disable=SC2034
told_names=$most_names

# Makes `sealed`, and sets `manifest`.
read_sealed_list() {
  manifest=$(marker manifest)
  [[ -n $manifest ]] || report declined "the volume's marker names no list of its files, because the volume was formatted or adopted, or because the \
marker was deleted with the list and written again: there is nothing to compare it with" no-list
  dd if="$root/.lunward/manifest" of="$lists/manifest" bs=1M iflag=direct status=none 2>"$lists/complaints" ||
    report declined "the volume's list of sealed files can't be read: $(head --lines=1 "$lists/complaints"). It was \
removed, or the disk can't be trusted" unreadable
  [[ $(digest_of "$lists/manifest") == "$manifest" ]] ||
    report declined "the volume's list of sealed files has SHA-256 $(digest_of "$lists/manifest"), expected $manifest, \
which its marker names: the list was damaged or changed, so nothing can be compared with it" other-list
  sealed_list <"$lists/manifest" >"$lists/sealed"
}

read_files() {
  target_before=$(bytes_from_target)
  total=$(($(sum_to_hash "$lists/kept.files" 7) * 512))
  tell_progress verify "$total" verified_so_far &
  teller=$!
  # Our own mount is new and has nothing cached, so ordinary reads come from the disk.
  if [[ $root != "$target" ]]; then
    hash_from_disk "$root" "$lists/kept.files" "$processes"
  else
    hash_files "$root" "$lists/kept.files" "$processes"
  fi
  bytes_read=$(bytes_from_target)
}

# Prints bytes and files for tell_progress. The app's reads from the disk count too, so the sum can exceed `total`.
verified_so_far() {
  local bytes
  bytes=$(bytes_from_target)
  echo "$((bytes < total ? bytes : total)) $(cat /dev/null "$lists"/*.parts/*.hashed 2>/dev/null | number_of_names /dev/stdin)"
}

private_folder
open_sealed
undo_later end_children
read_marker "$root"
require_marker sealed "$attempt" "$volume" "$uuid"
lists=$private/lists
mkdir "$lists"
read_sealed_list
list_files "$root" "$lists/now" 0
compare_lists
start=$SECONDS bytes_read=0
if [[ $hashes == yes ]]; then
  read_files
  compare_bytes
fi
if [[ $root != "$target" ]]; then fact mountpoint "$root"; else fact mountpoint ''; fi
fact manifest "$manifest"
fact_json sealed "$(json_object files "$(number_of_names "$lists/sealed")" bytes "$(sealed_bytes)")"
fact_json same "$(json_object files "$(number_of_names "$lists/same")" bytes "$(bytes_of_names "$lists/same")")"
for kind in damaged unreadable changed added; do
  fact_json "$kind" "$(json_object files "$(told_of "$lists/$kind")" bytes "$(bytes_of_names "$lists/$kind")")"
done
fact_json removed "$(json_object files "$(told_of "$lists/removed")" bytes "$(removed_bytes)")"
fact complaint "$(head --lines=1 "$lists/kept.files.complaints" 2>/dev/null || true)"
fact_json bytesRead "$bytes_read"
fact_json seconds "$((SECONDS - start))"
report unchanged
