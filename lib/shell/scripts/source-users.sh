#!/usr/bin/env bash
# Who on this node has a folder of an NFS server mounted, or one above or below it, in whatever mount namespace. The mount tables
# are read, and nothing else: what is mounted may hang.
#
# Facts: see lib/shell/source-users.ts.

# shellcheck source=lib/shell/scripts/lib/nfs-mounts.sh
source lib/nfs-mounts.sh

# Address or name, without brackets
: "${server:?}"
: "${path:?}"

# Sets addresses: the server's. A name that is not known here may have been at the time of a mount.
resolve() {
  local found
  found=$(timeout --kill-after=5 30 getent ahosts "$server") || report declined "the node does not know the address of $server, so \
it can't be told which of its mounts are of that server: see how it resolves names"
  mapfile -t addresses < <(cut --delimiter=' ' --fields=1 <<<"$found" | sort --unique)
}

is_server() {
  local address
  for address in "$server" "${addresses[@]}"; do
    [[ ${1,,} != "${address,,}" && ${2,,} != "${address,,}" ]] || return 0
  done
  return 1
}

# Of this script's own namespace, which ends with it, nothing is told.
is_own() { [[ /proc/$1/ns/mnt -ef /proc/self/ns/mnt && ! /proc/1/ns/mnt -ef /proc/self/ns/mnt ]]; }

resolve
mounts=()
while read -r process name exported point address; do
  exported=$(unescaped "$exported")
  if ! is_server "${name//[\[\]]/}" "$address" || ! overlap "$exported" "$path" || is_own "$process"; then continue; fi
  ((process != 1)) || process=0
  mounts+=("$(json_object source "$(json_string "$name:$exported")" mountpoint "$(json_string "$(unescaped "$point")")" process "$process")")
done < <(nfs_mounts /proc)
fact_json mounts "$(json_array "${mounts[@]}")"
report unchanged
