# shellcheck shell=bash
# Who on this node has a folder of an NFS server mounted, under whatever name or address of the server. Wants lib/nfs-mounts.sh.

# resolve_server SERVER: sets `addresses`, the server's. A name that is not known here may have been at the time of a mount.
resolve_server() {
  local found
  found=$(timeout --kill-after=5 30 getent ahosts "${1//[\[\]]/}") || report declined "the node does not know the address of $1, so \
it can't be told which of its mounts are of that server: see how it resolves names"
  mapfile -t addresses < <(cut --delimiter=' ' --fields=1 <<<"$found" | sort --unique)
}

is_server() {
  local address
  for address in "${1//[\[\]]/}" "${addresses[@]}"; do
    [[ ${2,,} != "${address,,}" && ${3,,} != "${address,,}" ]] || return 0
  done
  return 1
}

# users_of SERVER PATH: mounts of the folder, or of one above or below it, whoever sees them; wants resolve_server. Of each PROCESS
# SERVER PATH MOUNTPOINT, one a line, as mountinfo writes them. Of this script's own namespace, which ends with it, nothing is told.
users_of() {
  local process name exported point address
  while read -r process name exported point address; do
    if ! is_server "$1" "${name//[\[\]]/}" "$address" || ! overlap "$(unescaped "$exported")" "$2" || is_own "$process"; then continue; fi
    echo "$process $name $exported $point"
  done < <(nfs_mounts /proc)
}

is_own() { [[ /proc/$1/ns/mnt -ef /proc/self/ns/mnt && ! /proc/1/ns/mnt -ef /proc/self/ns/mnt ]]; }
