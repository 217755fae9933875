#!/usr/bin/env bash
# Stands in for unshare on a stand-in node, where a script would become root: it runs there below the folder ROOT, with the
# programs of the folder BIN and no others. A script that can't be held there is not run.
set -euo pipefail

# shellcheck disable=SC2016
search='PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"'
# Quotes that are quoted again: the script is a parameter of another one.
root="root='\\'''\\''"

text=$(cat)
[[ $text == *"$search"*"$search"* && $text == *"$root"* && $text != *"$root"*"$root"* ]] || {
  echo 'the script sets its PATH or its root in another way than this expects' >&2
  exit 1
}
text=${text//"$search"/PATH=$BIN}
text=${text/"$root"/"root=$ROOT"}
while [[ $1 != -- ]]; do shift; done
shift
printf '%s\n' "$text" | "$@"
