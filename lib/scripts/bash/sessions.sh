# shellcheck shell=bash disable=SC2154
# Sessions of the iSCSI initiator as the kernel shows them, whoever opened them.

# shellcheck source=lib/scripts/bash/lock.sh
source bash/lock.sh
# shellcheck source=lib/scripts/bash/addresses.sh
source bash/addresses.sh

shopt -s nullglob

node() { iscsiadm -m node -T "$1" -p "$portal" "${@:2}"; }

# target_note IQN KIND: prints the path of a note, the same for all spellings of the name.
target_note() { note "${1,,}" "$2"; }

# session_of IQN: prints the session with this target at this portal, whoever opened it and however they spelled both.
session_of() {
  local session key
  key=$(portal_key "$portal")
  for session in $(sessions_of "$1"); do
    if [[ $(portal_key "$(portal_of "${session##*session}")") == "$key" ]]; then
      echo "$session"
      return
    fi
  done
}

# sessions_of IQN: prints all sessions with this target, at any portal, one a line.
sessions_of() {
  local session
  for session in /sys/class/iscsi_session/session*; do
    ! is_session_of "$session" "$1" || echo "$session"
  done
}

# is_session_of SESSION IQN. Target names are not case-sensitive.
is_session_of() {
  local name
  name=$(cat "$1/targetname" 2>/dev/null) || return 1
  [[ ${name,,} == "${2,,}" ]]
}

# portal_of NUMBER: prints the portal that a session was opened to, according to its record.
portal_of() {
  local connection address
  for connection in /sys/class/iscsi_connection/connection"$1":*; do
    address=$(<"$connection/persistent_address")
    [[ $address != *:* ]] || address="[$address]"
    echo "$address:$(<"$connection/persistent_port")"
    return
  done
}
