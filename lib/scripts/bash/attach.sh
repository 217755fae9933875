# shellcheck shell=bash disable=SC2154
# Sessions with targets at the portal in `portal`, and the LUNs that they show. Sessions that exist stay. A script ends the
# sessions that it opens; the next script ends those that a killed script has left.

# shellcheck source=lib/scripts/bash/sessions.sh
source bash/sessions.sh
# shellcheck source=lib/scripts/bash/log-in.sh
source bash/log-in.sh
# shellcheck source=lib/scripts/bash/luns.sh
source bash/luns.sh

# The portals of the targets that this script uses.
declare -A attached=()

# attach IQN LUN [USER PASSWORD [TARGET-USER TARGET-PASSWORD]]: sets `session`, or `problem`: why there is none. It uses a
# session that exists and leaves it open, unless a killed run of ours left it behind. Two LUNs of one target share a
# session. The kernel is asked for this LUN alone, in a session of another process too: systems activate what they find
# on a disk (LVM, RAID), and another LUN of the target may be in use on another node. LUN `-` is every LUN; then a session
# of another process shows those that it shows already.
attach() {
  local iqn=$1 lun=$2 key=${1,,} note before
  session='' problem=''
  if [[ -n ${attached[$key]:-} ]]; then
    session=$(session_of "$iqn")
    if [[ ${attached[$key]} != "$portal" ]]; then
      problem="this script already uses the target at ${attached[$key]}: describe both of its LUNs with the same targetPortal"
    elif [[ -n $session ]]; then
      show_lun "$iqn" "$session" "$lun"
    fi
    return 0
  fi
  take_lock "$key" || {
    problem='another run of lunward uses the target on this node; wait until it ends, or find it with "ps"'
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
    hide_luns "$iqn"
    undo_later hide_luns "$iqn"
    [[ $lun == - ]] || show_lun "$iqn" "$session" "$lun"
    return
  fi
  use_own_records
  undo_later close_session "$portal" "$iqn"
  if [[ -z $session ]]; then
    before=$(sessions_of "$iqn")
    # Written before the login: a run that is killed during it leaves a session whose number it has not noted.
    echo opening >"$note"
    log_in "$iqn" "${@:3}"
    session=$(session_of "$iqn")
    if [[ ! -e $note ]]; then
      [[ -n $session ]] || problem='another process is logging in to the target: run the command again'
      [[ -z $session || $lun == - ]] || show_lun "$iqn" "$session" "$lun"
      return 0
    fi
    [[ -n $session || -n $problem ]] || find_opened "$iqn" "$before"
    [[ -n $session ]] || return 0
  fi
  echo "${session##*/}" >"$note"
  show_lun "$iqn" "$session" "$lun"
}

# show_lun IQN SESSION LUN: makes the kernel ask for this LUN, unless it shows it already. It is noted first, so that this
# script or the next one hides it again.
show_lun() {
  [[ $3 == - || -z $(device_of "$2" "$3") ]] || return 0
  echo "${2##*/} $3" >>"$(target_note "$1" shown)"
  scan "$2" "$3"
}

# is_shown_by_us IQN SESSION LUN
is_shown_by_us() { grep --quiet --line-regexp --fixed-strings --regexp="${2##*/} $3" --regexp="${2##*/} -" "$(target_note "$1" shown)" 2>/dev/null; }

# hide_luns IQN: removes the disks that this script, or a killed one, has made the kernel show in a session that stays.
# One that is in use by now stays too. undo_all disables `set -e` in this function.
hide_luns() {
  local session lun device note
  note=$(target_note "$1" shown)
  [[ -e $note ]] || return 0
  while read -r session lun; do
    session=/sys/class/iscsi_session/$session
    is_session_of "$session" "$1" || continue
    while IFS= read -r device; do
      # The kubelet removes disks too.
      [[ -n $(use_of_removed "${device##*/}") ]] || echo 1 >"${device%/block/*}/delete" || [[ ! -e $device ]] || return
    done < <(disks_of "$session" "$lun")
  done <"$note"
  udevadm settle --timeout=60
  rm --force "$note"
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
  problem="the login at $portal succeeded, but its session can't be told from others on this node"
  # Logs out by record: iscsiadm knows best which session belongs to it.
  [[ -n $2 ]] || node "$1" --logout >/dev/null 2>&1 || true
}

# close_session PORTAL IQN: leaves the session open if another process uses it by now, or has made it show another LUN: the
# kubelet takes an existing session for its own.
#
# undo_all checks the exit code of this function, which disables `set -e` in it: each step that may fail returns its own
# code.
close_session() {
  local portal=$1 iqn=$2 note session device lun use
  note=$(target_note "$iqn" session)
  session=$(own_session "$iqn")
  if [[ -n $session ]]; then
    for device in "$session"/device/target*/*:*:*:*/block/*; do
      lun=${device%/block/*} lun=${lun##*:}
      use=$(use_of_removed "${device##*/}")
      [[ -n $use ]] || is_shown_by_us "$iqn" "$session" "$lun" || use='shown for another process'
      [[ -z $use ]] || {
        echo "$iqn stays logged in: ${device##*/} is $use" >&2
        rm --force "$note"
        hide_luns "$iqn"
        return
      }
    done
    # If the logout fails the note stays, and the next script ends the session.
    iscsiadm -m session -r "${session##*session}" --logout >/dev/null || [[ ! -e $session ]] || return
  fi
  hide_luns "$iqn" || return
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
