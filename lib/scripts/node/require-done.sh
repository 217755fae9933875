#!/usr/bin/env bash
# Runs a script for a caller that goes by exit codes: it fails unless the script did its work, or found it done. Its
# last line is then the script's own report. If the script declined, the reason is printed on stderr as readable text.

# The whole text of the script
: "${script:?}"

code=0
said=$(printf '%s' "$script" | bash -s) || code=$?
last=${said##*$'\n'}

case $last in
'{"result":"changed",'*'}' | '{"result":"unchanged",'*'}') printf '%s\n' "$last" ;;
'{"result":"declined","reason":"'*'}')
  reason=${last#'{"result":"declined","reason":"'}
  reason=${reason%%'","facts":{'*}
  # Except for quotes, %b knows every escape that bash/report.sh writes.
  printf 'declined: %b\n' "${reason//\\\"/\"}" >&2
  exit 1
  ;;
*)
  [[ -z $said ]] || printf '%s\n' "$said" >&2
  echo "the script ended with $code and without a report; it can be run again" >&2
  exit 1
  ;;
esac
