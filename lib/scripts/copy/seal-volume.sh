#!/usr/bin/env bash
# Marks a volume as whole. From then on no script formats it or copies into it, and the app may start on it.
#
# Facts: none.

# nfs or iscsi
: "${target_kind:?}"
# shellcheck source=lib/scripts/bash/target-iscsi.sh
source "bash/target-$target_kind.sh"

# ext4 or xfs
: "${type:?}"
# Of the file system that is there
: "${uuid:?}"
: "${attempt:?}"
# Of the PersistentVolume
: "${volume:?}"
# The state that its marker must have: `building`, `sealed`, or `none` for a volume whose data somebody else has put there
: "${from:?}"
# The attempt that it must name
: "${before:?}"

open_target
look_at_unused "$type" "$uuid"

result=unchanged
if [[ $(marker state) != sealed || ($from == sealed && $(marker attempt) != "$attempt") ]]; then
  if [[ $from == none ]]; then
    [[ -z $marker_text ]] || report declined "the volume has a marker already: $(marker state) as attempt $(marker attempt) of $(marker volume)"
  else
    require_marker "$from" "$before" "$volume" "$uuid"
  fi
  mount_target "$type"
  write_marker "$target" sealed "$attempt" "$volume" "$uuid" "$(marker manifest)"
  read_marker "$target"
  result=changed
fi
require_marker sealed "$attempt" "$volume" "$uuid"
report "$result"
