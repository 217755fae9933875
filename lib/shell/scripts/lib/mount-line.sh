# shellcheck shell=bash
# What the kernel knows of a mount of NFS.

# mount_line MOUNTPOINT NAME: a line of it, such as that of `opts` or `caps`.
mount_line() {
  local line found=''
  while IFS= read -r line; do
    [[ $line != 'device '* ]] || found=$line
    if [[ $found == *" mounted on $1 with "* && $line == [[:space:]]"$2:"* ]]; then
      printf '%s' "${line#*:}"
      return
    fi
  done </proc/self/mountstats
}
