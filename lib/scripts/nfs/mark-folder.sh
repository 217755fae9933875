#!/usr/bin/env bash
# Marks an NFS folder as being built. It requires that the folder is empty and can store a faithful copy: owners, links
# and times. The counterpart of format-lun.sh.
#
# Facts: none.

# shellcheck source=lib/scripts/bash/target-nfs.sh
source bash/target-nfs.sh
# shellcheck source=lib/scripts/bash/able.sh
source bash/able.sh

: "${uuid:?}"
: "${attempt:?}"
# Name of the PersistentVolume
: "${volume:?}"

require_empty() {
  ((${#names[@]} == 0)) || report declined "$target_name is not empty: it holds ${names[0]}, and Lunward copies over no existing file" not-blank
}

result=unchanged
open_target
require_unused_target
look_at_target nfs
[[ -n $marker_text ]] || require_empty
mount_target nfs
# The folder may have been filled in between, or another one may be mounted now.
read_marker "$target"
if [[ -n $marker_text ]]; then
  require_marker building "$attempt" "$volume" "$uuid"
else
  read_names "$target"
  require_empty
  result=changed
fi
# Also in a folder that an earlier run has marked: its export may have been changed since.
require_able
if [[ $result == changed ]]; then
  write_marker "$target" building "$attempt" "$volume" "$uuid"
  read_marker "$target"
  require_marker building "$attempt" "$volume" "$uuid"
fi
report "$result"
