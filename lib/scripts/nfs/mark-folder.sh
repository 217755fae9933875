#!/usr/bin/env bash
# Marks an NFS folder as being built. It requires that the folder is empty and can store a faithful copy: owners, links
# and times. The counterpart of format-lun.sh.
#
# Facts: none.

# shellcheck source=lib/scripts/bash/target-nfs.sh
source bash/target-nfs.sh

: "${uuid:?}"
: "${attempt:?}"
# Name of the PersistentVolume
: "${volume:?}"

# Ends the script if root can't do in the folder what the copy will do. A killed run leaves the test folder, which is
# made again.
require_able() {
  local try=$target/.lunward/try found
  rm --recursive --force "$try"
  mkdir --parents "$try" 2>/dev/null || report declined "root of this node may not write to $target_name: give it read-write root access to the export (no_root_squash, or \
\"no mapping\" on a NAS)"
  undo_later rm --recursive --force "$try"
  : >"$try/file"
  chown 1234:5678 "$try/file" 2>/dev/null || true
  found=$(stat --format %u:%g "$try/file")
  [[ $found == 1234:5678 ]] || report declined "a file that root of this node gives to 1234:5678 belongs to $found on $target_name: give the \
node root access to the export (no_root_squash, or \"no mapping\" on a NAS), and have it take numbers of owners as they are"
  if ! ln "$try/file" "$try/linked" 2>/dev/null || ! ln --symbolic file "$try/symbolic" 2>/dev/null; then
    report declined "$target_name takes no links: apps have them, and a copy without them is another one"
  fi
  touch --date=@1000000000.123456789 "$try/file"
  found=$(stat --format %.9Y "$try/file")
  [[ $found == 1000000000.123456789 ]] || report declined "$target_name keeps the time of a file as $found, expected 1000000000.123456789: \
whether a file has changed can't be told by that"
}

result=unchanged
open_target
require_unused_target
look_at_target nfs
if [[ -z $marker_text ]]; then
  ((${#names[@]} == 0)) || report declined "$target_name holds ${names[0]}: it is not empty, and nothing is copied over what is there"
  mount_target nfs
  # The folder may have been filled in between, or another one may be mounted now.
  read_names "$target"
  ((${#names[@]} == 0)) || report declined "$target_name holds ${names[0]}: it is not empty, and nothing is copied over what is there"
  require_able
  write_marker "$target" building "$attempt" "$volume" "$uuid"
  read_marker "$target"
  result=changed
fi
require_marker building "$attempt" "$volume" "$uuid"
report "$result"
