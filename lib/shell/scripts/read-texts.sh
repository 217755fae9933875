#!/usr/bin/env bash
# Reads small files of a folder of an NFS server, which is mounted read-only and afresh.
#
# Facts: texts: [{ path, base64 }], of those that are there.

# shellcheck source=lib/shell/scripts/lib/nfs.sh
source lib/nfs.sh
# shellcheck source=lib/shell/scripts/lib/texts.sh
source lib/texts.sh

private_folder
mount_source
fact_json texts "$(texts_of)"
report unchanged
