#!/usr/bin/env bash
# Reads small files of a volume through a new read-only mount; through the app's mount if it is a LUN that the app uses.
#
# Facts: texts: [{ path, base64 }], of those that exist.

# nfs or iscsi
: "${source_kind:?}"
# shellcheck source=lib/scripts/bash/source-nfs.sh
source "bash/source-$source_kind.sh"
# shellcheck source=lib/scripts/bash/texts.sh
source bash/texts.sh

private_folder
mount_source
fact_json texts "$(texts_of)"
report unchanged
