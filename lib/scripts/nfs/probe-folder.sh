#!/usr/bin/env bash
# Reports what is at the root of an NFS folder, and how much space it has. It mounts the folder read-only.
#
# Facts: see lib/scripts/nfs/probe-folder.ts.

# shellcheck source=lib/scripts/bash/target-nfs.sh
source bash/target-nfs.sh
# shellcheck source=lib/scripts/bash/held.sh
source bash/held.sh

open_target
mount_folder ro
undo_later unmount_target
read_marker "$target"
read_names "$target"
read -r unit free inodes_free < <(stat --file-system --format '%S %a %d' "$target")
fact_marker
fact_json names "$(json_strings "${names[@]}")"
fact_json freeBytes "$((unit * free))"
fact_json freeInodes "$inodes_free"
fact_json held "$(held_by_attempt "$target")"
report unchanged
