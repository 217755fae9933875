#!/usr/bin/env bash
# Finds mounts of an NFS folder, or of one above or below it, on this node, in any mount namespace. It reads only the
# mount tables: a mounted file system may hang.
#
# Facts: see lib/scripts/node/source-users.ts.

# shellcheck source=lib/scripts/bash/nfs-mounts.sh
source bash/nfs-mounts.sh
# shellcheck source=lib/scripts/bash/nfs-users.sh
source bash/nfs-users.sh

# Address or name, without brackets
: "${server:?}"
: "${path:?}"

resolve_server "$server"
mounts=()
while read -r process name exported point; do
  ((process != 1)) || process=0
  mounts+=("$(json_object source "$(json_string "$name:$(unescaped "$exported")")" mountpoint "$(json_string "$(unescaped "$point")")" process "$process")")
done < <(users_of "$path")
fact_json mounts "$(json_array "${mounts[@]}")"
report unchanged
