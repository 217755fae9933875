#!/usr/bin/env bash
# Proves that this node does nothing with a LUN, and that nobody has sealed there the attempt that is to be given up. What a
# killed run of ours has left open is ended by that.
#
# Facts: none.

# shellcheck source=lib/scripts/bash/target-iscsi.sh
source bash/target-iscsi.sh

# Of the file system, if the attempt came so far
: "${uuid:?}"
: "${attempt:?}"
# Of the PersistentVolume
: "${volume:?}"

open_target
require_unused "$device"
if [[ $(uuid_of "$device") == "$uuid" ]]; then
  look_at_target "$(content_of "$device")"
  [[ -z $marker_text ]] || require_marker building "$attempt" "$volume" "$uuid"
fi
report unchanged
