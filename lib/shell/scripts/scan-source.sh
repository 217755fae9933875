#!/usr/bin/env bash
# A digest of everything that is known of a volume without reading its files: as long as nobody changes anything
# there, it is the same.
#
# Facts: see lib/shell/scan-source.ts.

# nfs or iscsi
: "${source_kind:?}"
# shellcheck source=lib/shell/scripts/lib/source-nfs.sh
source "lib/source-$source_kind.sh"
# shellcheck source=lib/shell/scripts/lib/tree.sh
source lib/tree.sh
# shellcheck source=lib/shell/scripts/lib/hashes.sh
source lib/hashes.sh
# shellcheck source=lib/shell/scripts/lib/scan.sh
source lib/scan.sh

private_folder
mount_source
lists=$private/lists
mkdir "$lists"
scan_whole "$source" "$lists/scan"
fact scan "$(scan_digest "$lists/scan")"
fact_json entries "$(entries_of "$lists/scan")"
report unchanged
