#!/usr/bin/env bash
# Computes a digest of everything about a volume that can be known without reading its files. It stays the same as long
# as nothing on the volume changes.
#
# Facts: see lib/scripts/copy/scan-source.ts.

# nfs or iscsi
: "${source_kind:?}"
# shellcheck source=lib/scripts/bash/source-nfs.sh
source "bash/source-$source_kind.sh"
# shellcheck source=lib/scripts/bash/tree.sh
source bash/tree.sh
# shellcheck source=lib/scripts/bash/hashes.sh
source bash/hashes.sh
# shellcheck source=lib/scripts/bash/scan.sh
source bash/scan.sh

private_folder
mount_source
lists=$private/lists
mkdir "$lists"
scan_whole "$source" "$lists/scan"
fact scan "$(scan_digest "$lists/scan")"
fact_json entries "$(entries_of "$lists/scan")"
report unchanged
