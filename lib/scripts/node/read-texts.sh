#!/usr/bin/env bash
# Reads small files of a volume, which is mounted read-only and afresh, but for a LUN that the app uses.
#
# Facts: texts: [{ path, base64 }], of those that are there.

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
