#!/usr/bin/env bash
# Seals a volume. From then on no script formats it or copies into it, and the app may start on it.
#
# Facts: none.

# nfs or iscsi
: "${target_kind:?}"
# shellcheck source=lib/scripts/bash/target-iscsi.sh
source "bash/target-$target_kind.sh"
# shellcheck source=lib/scripts/bash/manifest.sh
source bash/manifest.sh

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
# SHA-256 of the list of files that the volume was sealed with, for a marker that was deleted; empty if there is none
: "${listed?}"

# require_unmarked: there is no marker, not even one that can't be read.
require_unmarked() {
  [[ -z $marker_text && ! -e $target/.lunward/marker ]] ||
    report declined "the volume already has a marker: $(marker state), attempt $(marker attempt) of $(marker volume)"
}

# require_before: the marker is the one that this starts from. Without one, there is data: a folder that has lost its
# file system has no marker either.
require_before() {
  if [[ $from != none ]]; then
    require_marker "$from" "$before" "$volume" "$uuid"
    return 0
  fi
  require_unmarked
  # shellcheck disable=SC2154
  ((${#names[@]} > 0)) || report declined "the volume holds no file, so it does not have the app's data" not-blank
}

# list_left: prints the digest of the list of files, if the one that the volume was sealed with is still there.
list_left() {
  local list=$target/.lunward/manifest
  [[ -z $listed || ! -f $list || $(digest_of "$list") != "$listed" ]] || printf '%s' "$listed"
}

open_target
look_at_unused "$type" "$uuid"

result=unchanged
if [[ $(marker state) != sealed || ($from == sealed && $(marker attempt) != "$attempt") ]]; then
  require_before
  mount_target "$type"
  # Mounting has replayed the journal of the file system, which may have held a marker.
  read_marker "$target"
  require_before
  list=$(marker manifest)
  write_marker "$target" sealed "$attempt" "$volume" "$uuid" "${list:-$(list_left)}"
  read_marker "$target"
  result=changed
fi
require_marker sealed "$attempt" "$volume" "$uuid"
report "$result"
