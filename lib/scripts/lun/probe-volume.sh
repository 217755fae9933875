#!/usr/bin/env bash
# Inspects the file system of a LUN that this node does not use. It mounts it read-only and writes nothing: it does not
# even replay a journal.
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
