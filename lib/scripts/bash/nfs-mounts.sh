# shellcheck shell=bash
# Lists NFS mounts as every process sees them. It never touches the file systems themselves: a process that does so
# waits forever if the server is gone.

# nfs_mounts PROC: prints for each mount PROCESS SERVER PATH MOUNTPOINT ADDRESS, one a line, as mountinfo writes them.
# Each mount comes once, although several processes see it, and process 1 comes first. A bind mount is listed with the
# path that it shows.
nfs_mounts() {
  local line process id point rest source options address
  declare -A seen=()
  while IFS= read -r line; do
    process=${line%%/mountinfo:*} rest=${line#*/mountinfo:}
    read -r id _ _ _ point _ <<<"$rest"
    # A mount has another number in each namespace.
    [[ -z ${seen[$id]:-} ]] || continue
    seen[$id]=yes
    read -r _ source options <<<"${rest#* - }"
    address=''
    [[ ",$options," =~ ,addr=([^,]*), ]] && address=${BASH_REMATCH[1]}
    printf '%s %s /%s %s %s\n' "${process##*/}" "${source%%:/*}" "${source#*:/}" "$point" "$address"
  done < <(grep --no-messages --with-filename --extended-regexp ' - nfs4? ' "$1"/[0-9]*/mountinfo | sort --version-sort)
}

# unescaped TEXT: prints a text of mountinfo, where a space is \040.
unescaped() { printf %b "$1"; }

# overlap PATH OTHER: one is equal to the other, or above it.
overlap() {
  local one other
  one=$(normal "$1") other=$(normal "$2")
  [[ $one/ == "$other/"* || $other/ == "$one/"* ]]
}

# Prints a path with single slashes, and none at its end. The root becomes empty.
normal() {
  local path=$1
  while [[ $path == *//* ]]; do path=${path//\/\//\/}; done
  printf %s "${path%/}"
}
