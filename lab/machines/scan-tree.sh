#!/usr/bin/env bash
# What a folder holds, as text of which every difference counts: scan-tree.sh entries|contents|xattrs|acls FOLDER [NAME...]
# What lies under NAMEs at its top is left out, and what belongs to a volume's root anyway.
set -euo pipefail
export LC_ALL=C

what=$1
cd "$2"
skipped=(-path ./lost+found -o -path ./.lunward)
for name in "${@:3}"; do skipped+=(-o -path "./$name"); done

list() { find . \( "${skipped[@]}" \) -prune -o "$@" | sort --zero-terminated; }

# The size of a folder is its file system's own affair.
entries() {
  list -type d -printf '%p %y %m %U:%G %T@\0' -o -printf '%p %y %m %U:%G %T@ %s links %n -> %l\0'
  # Names of one file, under the first of them.
  local record inode
  declare -A first=()
  while IFS= read -r -d '' record; do
    inode=${record##* }
    : "${first[$inode]:=${record% *}}"
    printf '%s is %s\0' "${record% *}" "${first[$inode]}"
  done < <(list -type f -links +1 -printf '%p %i\0')
}

case $what in
entries) entries ;;
contents) list -type f -print0 | xargs -0 --no-run-if-empty sha256sum --zero ;;
xattrs) list ! -type l -print0 | xargs -0 --no-run-if-empty getfattr --no-dereference --dump --match='^user\.' ;;
acls) list ! -type l -print0 | xargs -0 --no-run-if-empty getfacl --numeric --absolute-names ;;
*)
  echo "scan-tree.sh: expected entries, contents, xattrs or acls, got '$what'" >&2
  exit 2
  ;;
esac | tr '\0' '\n'
