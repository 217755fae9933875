# shellcheck shell=bash
# Mounts of network file systems, as every process sees them. The file systems themselves are not touched: where a server is
# gone, whoever does that waits without an end.

# nfs_mounts PROC: of each, PROCESS SERVER PATH MOUNTPOINT ADDRESS, one a line, as mountinfo writes them; each mount once, though
# several processes see it, and first for process 1. What is bound from within a mount is told by the path that it shows.
nfs_mounts() {
  local line process id point rest source options address
  declare -A seen=()
  while IFS= read -r line; do
    process=${line%%/mountinfo:*} rest=${line#*/mountinfo:}
    read -r id _ _ _ point _ <<<"$rest"
    # In every namespace a mount has a number of its own.
    [[ -z ${seen[$id]:-} ]] || continue
    seen[$id]=yes
    read -r _ source options <<<"${rest#* - }"
    address=''
    [[ ",$options," =~ ,addr=([^,]*), ]] && address=${BASH_REMATCH[1]}
    printf '%s %s /%s %s %s\n' "${process##*/}" "${source%%:/*}" "${source#*:/}" "$point" "$address"
  done < <(grep --no-messages --with-filename --extended-regexp ' - nfs4? ' "$1"/[0-9]*/mountinfo | sort --version-sort)
}

# unescaped TEXT: of mountinfo, where a space is \040.
unescaped() { printf %b "$1"; }

# overlap PATH OTHER: one of them is the other, or above it.
overlap() {
  local one other
  one=$(normal "$1") other=$(normal "$2")
  [[ $one/ == "$other/"* || $other/ == "$one/"* ]]
}

# Without a slash at its end, and with one between two names. Nothing is left of the root.
normal() {
  local path=$1
  while [[ $path == *//* ]]; do path=${path//\/\//\/}; done
  printf %s "${path%/}"
}
