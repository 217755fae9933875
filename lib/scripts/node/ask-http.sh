#!/usr/bin/env bash
# Asks a server by HTTP for a path, from the node that it runs on. Nothing is needed for that but bash.
#
# Facts: status, 0 where it gave no answer, and problem: why.

# Of a pod
: "${address:?}"
: "${port:?}"
# Empty: whether it accepts a connection is enough
: "${path?}"

# shellcheck disable=SC2016
ask='exec 3<>"/dev/tcp/$1/$2" || exit
[[ -n $3 ]] || { echo 200; exit; }
printf "GET %s HTTP/1.1\r\nHost: localhost\r\nUser-Agent: lunward\r\nConnection: close\r\n\r\n" "$3" >&3
IFS=" " read -r _ status _ <&3 && echo "$status"'

said=$(timeout --kill-after=1 15 "$BASH" -c "$ask" ask "$address" "$port" "$path" 2>&1) || said="no answer: ${said##*: }"
if [[ $said =~ ^[1-5][0-9][0-9]$ ]]; then
  fact_json status "$said"
  fact problem ''
else
  fact_json status 0
  fact problem "${said:-it closed the connection without an answer}"
fi
report unchanged
