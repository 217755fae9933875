# shellcheck shell=bash disable=SC2154
# Tries out whether an NFS folder can store a faithful copy: owners, links and times. Requires bash/mount-nfs.sh, and
# bash/target-nfs.sh, which has mounted the folder read-write.

# require_able: ends the script if the folder can't. A killed run leaves the test folder, which is made again.
require_able() {
  local try=$target/.lunward/try found
  rm --recursive --force "$try"
  if ! mkdir --parents "$try" 2>/dev/null; then
    decline_kerberos
    report declined "root on this node can't write to $target_name: give it read-write root access to the export (no_root_squash, or \
\"no mapping\" on a NAS)" not-writable
  fi
  undo_later rm --recursive --force "$try"
  : >"$try/file"
  chown 1234:5678 "$try/file" 2>/dev/null || true
  found=$(stat --format %u:%g "$try/file")
  if [[ $found != 1234:5678 ]]; then
    decline_kerberos
    report declined "a file that root on this node gave to 1234:5678 belongs to $found on $target_name: the server maps root \
(root_squash), all users (all_squash, mapall, \"map all users\"), or the numbers of owners to others. Export it without that mapping \
(no_root_squash and no_all_squash, or \"no mapping\"), and let the server keep numeric owners" owners-mapped
  fi
  require_own_files "$try"
  if ! ln "$try/file" "$try/linked" 2>/dev/null || ! ln --symbolic file "$try/symbolic" 2>/dev/null; then
    report declined "$target_name does not support links, which apps use: a copy without them would be incomplete"
  fi
  touch --date=@1000000000.123456789 "$try/file"
  found=$(stat --format %.9Y "$try/file")
  [[ $found == 1000000000.123456789 ]] || report declined "$target_name stores the time of a file as $found, expected 1000000000.123456789: \
changes of files could not be detected"
}

# require_own_files FOLDER: ends the script if the server gives files to others than those who make them. Only a user
# other than root shows all_squash that maps everyone to root: root itself can then do everything.
require_own_files() {
  local found
  mkdir "$1/own"
  chown 1234:5678 "$1/own"
  # The user may not search the folders above, so it begins in its own.
  if ! (cd "$1/own" && make_as 1234 5678 file) 2>/dev/null; then
    decline_kerberos
    report declined "user 1234 can't create a file in its own folder on $target_name: \
the server maps users to others (all_squash, mapall, \"map all users\"). Export it without that mapping (no_all_squash, no_root_squash, or \"no mapping\")" users-mapped
  fi
  found=$(stat --format %u "$1/own/file")
  if [[ $found != 1234 ]]; then
    decline_kerberos
    report declined "a file that user 1234 created on $target_name belongs to $found: the server maps all users to \
one (all_squash, mapall, \"map all users\"), so the app would not own its files. Export it without that mapping (no_all_squash, \
no_root_squash, or \"no mapping\")" users-mapped
  fi
}

# decline_kerberos: ends the script if the folder is mounted with Kerberos. What root and users may do there follows from
# their tickets, and no option of the export is to blame.
decline_kerberos() {
  [[ $(mount_line "$target" opts) =~ [,[:space:]]sec=(krb5[ip]?) ]] || return 0
  report declined "$target_name is mounted with Kerberos (sec=${BASH_REMATCH[1]}), and root or user 1234 of this node could not make files \
of its own there: they have no ticket that the server takes for that user. Without it, neither a copy with its owners nor an app can write \
there: export the folder to the nodes with sec=sys too, and describe it with that" kerberos
}

# make_as UID GID FILE: makes an empty file in the current folder as this user.
make_as() { setpriv --reuid "$1" --regid "$2" --clear-groups touch "$3"; }
