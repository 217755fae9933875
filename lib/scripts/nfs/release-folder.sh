#!/usr/bin/env bash
# Proves that this node does nothing with a folder of an NFS server, and that nobody has sealed there the attempt that is to be given
# up. What release-lun.sh is for a LUN.
#
# Facts: none.

# shellcheck source=lib/scripts/bash/target-nfs.sh
source bash/target-nfs.sh

: "${uuid:?}"
: "${attempt:?}"
# Of the PersistentVolume
: "${volume:?}"

open_target
require_unused_target
look_at_target nfs
[[ -z $marker_text ]] || require_marker building "$attempt" "$volume" "$uuid"
report unchanged
