#!/usr/bin/env bash
# Proves that this node does not use an NFS folder, and that the attempt that is being given up is not sealed in it. The
# counterpart of release-lun.sh.
#
# Facts: none.

# shellcheck source=lib/scripts/bash/target-nfs.sh
source bash/target-nfs.sh

: "${uuid:?}"
: "${attempt:?}"
# Name of the PersistentVolume
: "${volume:?}"

open_target
require_unused_target
look_at_target nfs
[[ -z $marker_text ]] || require_marker building "$attempt" "$volume" "$uuid"
report unchanged
