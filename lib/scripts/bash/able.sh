# shellcheck shell=bash disable=SC2154
# Tries out whether an NFS folder can store a faithful copy: owners, links and times. Requires bash/target-nfs.sh, which
# has mounted the folder read-write.

# require_able: ends the script if the folder can't. A killed run leaves the test folder, which is made again.
require_able() {
  local try=$target/.lunward/try found
  rm --recursive --force "$try"
  mkdir --parents "$try" 2>/dev/null || report declined "root of this node may not write to $target_name: give it read-write root access to the export (no_root_squash, or \
\"no mapping\" on a NAS)" not-writable
  undo_later rm --recursive --force "$try"
  : >"$try/file"
  chown 1234:5678 "$try/file" 2>/dev/null || true
  found=$(stat --format %u:%g "$try/file")
  [[ $found == 1234:5678 ]] || report declined "a file that root of this node gives to 1234:5678 belongs to $found on $target_name: give the \
node root access to the export (no_root_squash, or \"no mapping\" on a NAS), and have it take numbers of owners as they are" owners-mapped
  require_own_files "$try"
  if ! ln "$try/file" "$try/linked" 2>/dev/null || ! ln --symbolic file "$try/symbolic" 2>/dev/null; then
    report declined "$target_name takes no links: apps have them, and a copy without them is another one"
  fi
  touch --date=@1000000000.123456789 "$try/file"
  found=$(stat --format %.9Y "$try/file")
  [[ $found == 1000000000.123456789 ]] || report declined "$target_name keeps the time of a file as $found, expected 1000000000.123456789: \
whether a file has changed can't be told by that"
}

# require_own_files FOLDER: ends the script if the server gives files to others than those who make them. Only a user
# other than root shows all_squash that maps everyone to root: root itself can then do everything.
require_own_files() {
  local found
  mkdir "$1/own"
  chown 1234:5678 "$1/own"
  # The user may not search the folders above, so it begins in its own.
  (cd "$1/own" && make_as 1234 5678 file) 2>/dev/null || report declined "user 1234 may not make a file in a folder of its own on $target_name: \
the server maps users to others (all_squash, mapall, \"map all users\"). Export it without that (no_all_squash, no_root_squash, or \"no mapping\")" users-mapped
  found=$(stat --format %u "$1/own/file")
  [[ $found == 1234 ]] || report declined "a file that user 1234 makes on $target_name belongs to $found: the server gives the files of all \
users to one (all_squash, mapall, \"map all users\"), so the app would not own what it writes. Export it without that (no_all_squash, \
no_root_squash, or \"no mapping\")" users-mapped
}

# make_as UID GID FILE: makes an empty file in the current folder as this user.
make_as() { setpriv --reuid "$1" --regid "$2" --clear-groups touch "$3"; }
