# shellcheck shell=bash disable=SC2154
# Sessions of the iSCSI initiator, at the portal in `portal`. Sessions that exist stay. A script ends the sessions that
# it opens; the next script ends those that a killed script has left.

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

# The portals of the targets that this script uses, and the folders whose records belong to this script.
declare -A attached=() own_records=()

# attach IQN [USER PASSWORD [TARGET-USER TARGET-PASSWORD]]: sets `session`, or `problem`: why there is none. It uses a
# session that exists and leaves it open, unless a killed run of ours left it behind. Two LUNs of one target share a
# session.
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
  # Removes folders that a killed run has left; a run still at work would hold the lock.
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
    # Written before the login: a run that is killed during it leaves a session whose number it has not noted.
    echo opening >"$note"
    log_in "$@"
    session=$(session_of "$iqn")
    if [[ ! -e $note ]]; then
      [[ -n $session ]] || problem='another process is logging in to it: run it again'
      return 0
    fi
    [[ -n $session || -n $problem ]] || find_opened "$iqn" "$before"
    [[ -n $session ]] || return 0
  fi
  echo "${session##*/}" >"$note"
  scan "$session"
}

# find_opened IQN BEFORE: sets `session` to the one that our login has opened, if this node shows it at another portal
# than the one it was opened to: the only session that was not there before. Sets `problem` if there is none or more
# than one.
find_opened() {
  local opened
  mapfile -t opened < <(comm -13 <(sort <<<"$2") <(sessions_of "$1" | sort))
  if ((${#opened[@]} == 1)); then
    session=${opened[0]}
    return
  fi
  problem="it was logged in to at $portal, and this node shows no session that is known to be that one"
  # Logs out by record: iscsiadm knows best which session belongs to it.
  [[ -n $2 ]] || node "$1" --logout >/dev/null 2>&1 || true
}

# Keeps records of targets, with the passwords in them, in memory: only this script sees them, and they end with it.
# Some systems log in to every record at boot.
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

# log_in IQN [USER PASSWORD [TARGET-USER TARGET-PASSWORD]]: logs in with a new record; sets `problem` if that fails.
# Removes the note if another process, such as the kubelet, has logged in at the same moment: its session stays.
# shellcheck disable=SC2034
log_in() {
  local iqn=$1 code=0 said
  node "$iqn" -o new >/dev/null
  [[ -z ${2:-} ]] || write_credentials "$@"
  said=$(node "$iqn" --login 2>&1) || code=$?
  case $code in
  0) ;;
  15) rm --force "$(target_note "$iqn" session)" ;;
  24) problem='it refuses this node: it wants CHAP, or does not list this initiator name' ;;
  *) problem="login ended with $code: ${said##*$'\n'}" ;;
  esac
}

# The shell itself writes the credentials into the record: every user of the machine can read the arguments of a
# program.
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

# Prints the file of a record: below the portal's address, port and group, however iscsiadm writes the address.
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

# close_session PORTAL IQN: leaves the session open if the kubelet has begun to use it meanwhile, which takes an
# existing session for its own.
#
# undo_all checks the exit code of this function, which disables `set -e` in it: each step that may fail returns its own
# code.
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
    # If the logout fails the note stays, and the next script ends the session.
    iscsiadm -m session -r "${session##*session}" --logout >/dev/null || [[ ! -e $session ]] || return
  fi
  rm --force "$note"
}

# Prints the session that our note names: by its number, so that no other process' session is ended. After a login that
# was cut off, the note has no number: then the session at this portal.
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

# Makes the kernel ask the target of our session for its LUNs, and waits for their devices.
scan() {
  local host
  host=$(basename "$(dirname "$(readlink -f "$1/device")")")
  echo '- - -' >"/sys/class/scsi_host/$host/scan"
  udevadm settle --timeout=60
}

# device_of SESSION LUN: prints the device of a LUN; nothing if the session does not show it.
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

# Prints what blkid recognises. An empty result does not prove that a device is blank.
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

# Prints the UUID of the file system on a device, if blkid recognises one.
uuid_of() { blkid --probe --match-tag UUID --output value "$1" 2>/dev/null || true; }

# Prints how this node uses a disk, in any mount namespace; nothing if it does not.
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
