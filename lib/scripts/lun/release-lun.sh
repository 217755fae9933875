#!/usr/bin/env bash
# Proves that this node does not use a LUN, and that the attempt that is being given up is not sealed on it. Opening the
# LUN also ends what a killed run of ours has left open.
#
# Facts: none.

# shellcheck source=lib/scripts/bash/target-iscsi.sh
source bash/target-iscsi.sh

# UUID of the file system, if the attempt got as far as making one
: "${uuid:?}"
: "${attempt:?}"
# Name of the PersistentVolume
: "${volume:?}"

open_target
require_unused "$device"
if [[ $(uuid_of "$device") == "$uuid" ]]; then
  look_at_target "$(content_of "$device")"
  [[ -z $marker_text ]] || require_marker building "$attempt" "$volume" "$uuid"
fi
report unchanged
