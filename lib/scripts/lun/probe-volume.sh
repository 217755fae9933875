#!/usr/bin/env bash
# Inspects the file system of a LUN that this node does not use. The file system is mounted read-only, and nothing is
# written: not even a journal is replayed.
#
# Facts: marker: { state, attempt, volume, uuid }, each empty if missing, and the first names.

# shellcheck source=lib/scripts/bash/target-iscsi.sh
source bash/target-iscsi.sh

# ext4 or xfs
: "${type:?}"

open_target
require_unused "$device"
look_at_target "$type"
fact_marker
fact_json names "$(json_strings "${names[@]}")"
report unchanged
