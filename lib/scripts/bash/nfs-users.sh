# shellcheck shell=bash
# Finds mounts of an NFS folder on this node, under any name or address of its server. Requires bash/nfs-mounts.sh.

# shellcheck source=lib/scripts/bash/addresses.sh
source bash/addresses.sh

# resolve_server SERVER: sets `addresses` to the keys of the server's name and addresses. A name that does not resolve
# now may have resolved at the time of a mount.
resolve_server() {
  local found address
  found=$(timeout --kill-after=5 30 getent ahosts "${1//[\[\]]/}") || report declined "this node can't resolve $1, so it \
is not known which of its mounts are on that server: fix name resolution on the node"
  addresses=("$(address_key "$1")")
  while read -r address _; do addresses+=("$(address_key "$address")"); done < <(sort --unique <<<"$found")
}

# is_server NAME ADDRESS: a mount's name and address belong to that server.
is_server() {
  local own name address
  name=$(address_key "$1") address=$(address_key "$2")
  for own in "${addresses[@]}"; do
    [[ $name != "$own" && $address != "$own" ]] || return 0
  done
  return 1
}

# users_of PATH: prints mounts of this folder of the server, or of one above or below it, in any namespace: PROCESS
# SERVER PATH MOUNTPOINT, one a line, as mountinfo writes them. Requires resolve_server. It skips this script's own
# namespace, which ends with it.
users_of() {
  local process name exported point address
  while read -r process name exported point address; do
    if ! is_server "$name" "$address" || ! overlap "$(unescaped "$exported")" "$1" || is_own "$process"; then continue; fi
    echo "$process $name $exported $point"
  done < <(nfs_mounts /proc)
}

is_own() { [[ /proc/$1/ns/mnt -ef /proc/self/ns/mnt && ! /proc/1/ns/mnt -ef /proc/self/ns/mnt ]]; }
