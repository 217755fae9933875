#!/usr/bin/env bash
# What is on the file system of a LUN that this node does nothing with. It is mounted read-only for that, and nothing is
# written: not even a journal is played back.
#
# Facts: marker: { state, attempt, volume, uuid }, each empty where there is none, and the first names.

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
