#!/usr/bin/env bash
# Requests a path by HTTP, from the node that the server runs on. It needs nothing but bash.
#
# Facts: status, 0 without an answer, and problem: why.

# A pod's address and port
: "${address:?}"
: "${port:?}"
# Empty: it is enough that the server accepts a connection
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
