#!/usr/bin/env bash
# Seals a volume. From then on no script formats it or copies into it, and the app may start on it.
#
# Facts: none.

# nfs or iscsi
: "${target_kind:?}"
# shellcheck source=lib/scripts/bash/target-iscsi.sh
source "bash/target-$target_kind.sh"

# ext4, xfs or nfs
: "${type:?}"
# UUID of the file system on it
: "${uuid:?}"
: "${attempt:?}"
# Name of the PersistentVolume
: "${volume:?}"
# The state that its marker must have: `building`, `sealed`, or `none` for a volume with data that Lunward did not copy
: "${from:?}"
# The attempt that the marker must name
: "${before:?}"

open_target
look_at_unused "$type" "$uuid"

result=unchanged
if [[ $(marker state) != sealed || ($from == sealed && $(marker attempt) != "$attempt") ]]; then
  if [[ $from == none ]]; then
    [[ -z $marker_text ]] || report declined "the volume already has a marker: $(marker state), attempt $(marker attempt) of $(marker volume)"
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
