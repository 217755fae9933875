# shellcheck shell=bash disable=SC2154
# Sessions of an iSCSI initiator, at the portal in `portal` at the time: those that are there stay, those that a script opens it
# ends, and whatever a killed script has opened the next one ends.

# shellcheck source=lib/scripts/bash/lock.sh
source bash/lock.sh
# shellcheck source=lib/scripts/bash/addresses.sh
source bash/addresses.sh

shopt -s nullglob

node() { iscsiadm -m node -T "$1" -p "$portal" "${@:2}"; }

# target_note IQN KIND: its file, the same for all spellings of the name.
target_note() { note "${1,,}" "$2"; }

# session_of IQN: the session with it at this portal, whoever opened it and however they wrote both.
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

# sessions_of IQN: all of them, at whatever portal, one a line.
sessions_of() {
  local session
  for session in /sys/class/iscsi_session/session*; do
    ! is_session_of "$session" "$1" || echo "$session"
  done
}

# is_session_of SESSION IQN. Names of targets know no case.
is_session_of() {
  local name
  name=$(cat "$1/targetname" 2>/dev/null) || return 1
  [[ ${name,,} == "${2,,}" ]]
}

# The portal that a session was opened to, as its record has it.
portal_of() {
  local connection address
  for connection in /sys/class/iscsi_connection/connection"$1":*; do
    address=$(<"$connection/persistent_address")
    [[ $address != *:* ]] || address="[$address]"
    echo "$address:$(<"$connection/persistent_port")"
    return
  done
}

# Portals by the targets that this script uses, and the folders where records are its own.
declare -A attached=() own_records=()

# attach IQN [USER PASSWORD [USER-OF-THE-TARGET PASSWORD]]
# Sets `session`, or `problem`: why there is none. A session that is there is used and stays, but for one that a run of ours
# left behind when it was killed. Two LUNs of one target have one session.
attach() {
  local iqn=$1 key=${1,,} note before
  session='' problem=''
  if [[ -n ${attached[$key]:-} ]]; then
    session=$(session_of "$iqn")
    [[ ${attached[$key]} == "$portal" ]] ||
      problem="this script uses it at ${attached[$key]} already: describe both of its LUNs with the same targetPortal"
    return 0
  fi
  take_lock "$key" || {
    problem='another run of lunward is at work at it on this node; wait for its end, or look for it with "ps"'
    return
  }
  attached[$key]=$portal
  undo_later unset "attached[$key]"
  # Folders that a run which was killed has left; whoever is still at work has the lock.
  rmdir "$(target_note "$iqn" image)" "$(target_note "$iqn" target)" 2>/dev/null || true
  note=$(target_note "$iqn" session)
  session=$(own_session "$iqn")
  [[ -n $session ]] || session=$(session_of "$iqn")
  if [[ -n $session && ! $(cat "$note" 2>/dev/null) =~ ^(opening|"${session##*/}")$ ]]; then
    return
  fi
  use_own_records
  undo_later close_session "$portal" "$iqn"
  if [[ -z $session ]]; then
    before=$(sessions_of "$iqn")
    # Before the login: a run that is killed in the middle of it leaves a session that has no name yet.
    echo opening >"$note"
    log_in "$@"
    session=$(session_of "$iqn")
    [[ -n $session || -n $problem ]] || find_opened "$iqn" "$before"
    [[ -n $session ]] || return 0
  fi
  echo "${session##*/}" >"$note"
  scan "$session"
}

# find_opened IQN BEFORE: sets `session` to the one that a login of ours has opened, though this node shows it at another portal than
# it was opened to: the only one that was not there before. Where there is none, or are more, sets `problem`.
find_opened() {
  local opened
  mapfile -t opened < <(comm -13 <(sort <<<"$2") <(sessions_of "$1" | sort))
  if ((${#opened[@]} == 1)); then
    session=${opened[0]}
    return
  fi
  problem="it was logged in to at $portal, and this node shows no session that is known to be that one"
  # By its record: iscsiadm knows better which one it is.
  [[ -n $2 ]] || node "$1" --logout >/dev/null 2>&1 || true
}

# Records of targets, and the passwords in them, are in memory, where only this script sees them, and end with it: some
# systems log in to every record when they start.
use_own_records() {
  local folder
  for folder in /etc/iscsi /var/lib/iscsi; do
    [[ -d $folder && -z ${own_records[$folder]:-} ]] || continue
    if [[ ! -d $folder/nodes ]]; then
      mkdir "$folder/nodes"
      undo_later rmdir "$folder/nodes"
    fi
    mount --types tmpfs --options mode=700 lunward-records "$folder/nodes"
    undo_later umount "$folder/nodes"
    own_records[$folder]=yes
    undo_later unset "own_records[$folder]"
  done
}

# log_in IQN [USER PASSWORD [USER-OF-THE-TARGET PASSWORD]]
# shellcheck disable=SC2034
log_in() {
  local iqn=$1 code=0 said
  node "$iqn" -o new >/dev/null
  [[ -z ${2:-} ]] || write_credentials "$@"
  said=$(node "$iqn" --login 2>&1) || code=$?
  case $code in
  0) ;;
  24) problem='it refuses this node: it wants CHAP, or does not list this initiator name' ;;
  *) problem="login ended with $code: ${said##*$'\n'}" ;;
  esac
}

# Into the record, by this shell alone: whatever is an argument of a program, everybody on the machine can read.
write_credentials() {
  local iqn=$1 record line text=''
  record=$(record_of "$iqn")
  while IFS= read -r line; do
    [[ $line == node.session.auth.* ]] || text+=$line$'\n'
    [[ $line != '# BEGIN RECORD'* ]] || {
      text+="node.session.auth.authmethod = CHAP"$'\n'
      text+="node.session.auth.username = $2"$'\n'"node.session.auth.password = $3"$'\n'
      [[ -z ${4:-} ]] ||
        text+="node.session.auth.username_in = $4"$'\n'"node.session.auth.password_in = $5"$'\n'
    }
  done <"$record"
  (
    umask 077
    printf '%s' "$text" >"$record"
  )
}

# The file of a record: below the portal's address, port and group, however iscsiadm writes the address.
record_of() {
  local key folder file name port
  key=$(portal_key "$portal")
  for folder in /etc/iscsi/nodes /var/lib/iscsi/nodes; do
    for file in "$folder/$1"/*,*; do
      IFS=, read -r name port _ <<<"${file##*/}"
      [[ $(address_key "$name"):$port == "$key" ]] || continue
      if [[ -d $file ]]; then echo "$file/default"; else echo "$file"; fi
      return
    done
  done
}

# Not under somebody who has begun to use it meanwhile: the kubelet, which takes a session that is there for its own.
#
# undo_all asks how it ended, so nothing in it ends the script by itself: each step that may fail says so.
close_session() {
  local portal=$1 iqn=$2 note session device use
  note=$(target_note "$iqn" session)
  session=$(own_session "$iqn")
  if [[ -n $session ]]; then
    for device in "$session"/device/target*/*:*:*:*/block/*; do
      use=$(use_of "${device##*/}")
      [[ -z $use ]] || {
        echo "$iqn stays logged in: ${device##*/} is $use" >&2
        rm --force "$note"
        return 0
      }
    done
    # Where it fails the note stays: the next script ends the session.
    iscsiadm -m session -r "${session##*session}" --logout >/dev/null || [[ ! -e $session ]] || return
  fi
  rm --force "$note"
}

# The session that our note means: by its number, so that none of somebody else's is ended; after a login that was cut off by its portal.
own_session() {
  local name session
  name=$(cat "$(target_note "$1" session)" 2>/dev/null || true)
  session=/sys/class/iscsi_session/$name
  if [[ $name == session* ]] && is_session_of "$session" "$1"; then
    echo "$session"
  elif [[ $name == opening ]]; then
    session_of "$1"
  fi
}

# Makes the kernel ask a session of ours for its LUNs, and waits for their devices.
scan() {
  local host
  host=$(basename "$(dirname "$(readlink -f "$1/device")")")
  echo '- - -' >"/sys/class/scsi_host/$host/scan"
  udevadm settle --timeout=60
}

# device_of SESSION LUN
device_of() {
  local path
  for path in "$1"/device/target*/*:*:*:"$2"/block/*; do
    echo "/dev/${path##*/}"
    return
  done
}

luns_of() {
  local device found=()
  for device in "$1"/device/target*/*:*:*:*/block/*; do found+=("$(lun_of "$device")"); done
  json_array "${found[@]}"
}

lun_of() {
  local address=${1%/block/*} name=${1##*/} wwn serial
  wwn=$(lsblk --nodeps --noheadings --output WWN "/dev/$name")
  serial=$(lsblk --nodeps --noheadings --output SERIAL "/dev/$name")
  json_object lun "${address##*:}" bytes "$(($(<"$1/size") * 512))" \
    wwn "$(json_string "${wwn// /}")" serial "$(json_string "${serial// /}")" \
    content "$(json_string "$(content_of "/dev/$name")")" uuid "$(json_string "$(uuid_of "/dev/$name")")" \
    use "$(json_string "$(use_of "$name")")"
}

# What blkid recognises. Nothing is no proof that a device is blank.
content_of() {
  local code=0 found
  found=$(blkid -p -o export "$1" 2>/dev/null) || code=$?
  case $code in
  0) sed -n 's/^TYPE=//p; s/^PTTYPE=\(.*\)/partition table (\1)/p' <<<"$found" | head -n 1 ;;
  2) echo '' ;;
  8) echo 'several at once' ;;
  *) echo 'unreadable' ;;
  esac
}

# The UUID of the file system on it, where there is one that can be recognised.
uuid_of() { blkid --probe --match-tag UUID --output value "$1" 2>/dev/null || true; }

# What this node does with a disk, in whatever mount namespace; empty where it is nothing.
use_of() {
  local name=$1 holders=("/sys/block/$1/holders"/*) numbers part mountpoint
  mountpoint=$(findmnt --noheadings --first-only --output TARGET --source "/dev/$name" || true)
  if [[ -n $mountpoint ]]; then
    echo "mounted at $mountpoint"
    return
  fi
  for part in "/sys/block/$name" "/sys/block/$name/$name"*; do
    numbers=$(<"$part/dev")
    mountpoint=$(grep --files-with-matches --fixed-strings " $numbers " /proc/[0-9]*/mountinfo 2>/dev/null | head -n 1 || true)
    if [[ -n $mountpoint ]]; then
      echo "mounted, as process $(basename "$(dirname "$mountpoint")") sees it"
      return
    fi
  done
  if ((${#holders[@]} > 0)); then
    echo "held by ${holders[0]##*/}: LVM, multipath or a RAID has claimed it"
  elif grep --quiet "^/dev/$name " /proc/swaps; then
    echo 'used for swap'
  fi
}
