#!/usr/bin/env bash
# Gives a node what volumes need: programs, an initiator name and a running initiator. What exists stays as it is. It
# restarts nothing but the initiator, and that only if it has no session. Where another tool declares or manages what is
# on the node, it reports what is missing and changes nothing.
#
# Facts: see lib/scripts/node/prepare-node.ts.

# Prefix of every path; empty on a node
: "${root?}"
# The other tool that manages packages there; empty if there is none
: "${managedBy?}"
# Seconds to wait for another package manager
: "${patience:?}"
: "${programs[@]-}"
# Systems by their ID in os-release, with their package managers, and the command that a person writes in front of
# packages
: "${systemIds[@]-}"
: "${systemManagers[@]-}"
: "${systemInstallers[@]-}"
# Their packages, in the order of the programs
: "${apt[@]-}"
: "${dnf[@]-}"
: "${zypper[@]-}"
# How a person adds packages to an image
: "${ostree:?}"
: "${transactional:?}"
# What to do on systems that have no packages
: "${nixos:?}"
: "${flatcar:?}"

shopt -s nullglob

# shellcheck source=lib/scripts/bash/system.sh
source bash/system.sh
# shellcheck source=lib/scripts/bash/packages.sh
source bash/packages.sh
# shellcheck source=lib/scripts/bash/draft.sh
source bash/draft.sh
# shellcheck source=lib/scripts/bash/replacement-timeout.sh
source bash/replacement-timeout.sh

nameFile=$root/etc/iscsi/initiatorname.iscsi
# shellcheck disable=SC2016
readonly NAMING='echo "InitiatorName=$(iscsi-iname)" >/etc/iscsi/initiatorname.iscsi'

# Sets `manager`, the package manager of this kind of system, whether or not it may be run here, and `installer`, the
# command that a person uses.
find_manager() {
  local id index
  manager='' installer=''
  for id in $(assigned "$root/etc/os-release" ID) $(assigned "$root/etc/os-release" ID_LIKE); do
    for index in "${!systemIds[@]}"; do
      if [[ $id == "${systemIds[index]}" || ${id%%-*} == "${systemIds[index]}" ]]; then
        manager=${systemManagers[index]} installer=${systemInstallers[index]}
        return
      fi
    done
  done
}

sessions() { printf '%s\n' "$root/sys/class/iscsi_session"/session*; }

# Finds what there is to do: `missing` programs, `wanted` packages, `unnamed`, the `unit` to enable or start, and
# `otherTimeouts`.
look() {
  local index
  missing=() wanted=() unnamed='' unit=''
  for index in "${!programs[@]}"; do
    command -v "${programs[index]}" >/dev/null && continue
    missing+=("${programs[index]}")
    want "${packages[index]:-}"
  done
  # Programs are in place before their package is configured.
  if [[ -z $management ]]; then
    for index in $(unfinished_packages "$manager" "${packages[@]}"); do want "$index"; done
  fi
  initiatorName=$(assigned "$nameFile" InitiatorName)
  [[ -n $initiatorName ]] || unnamed=yes
  if ! any_is is-enabled || ! any_is is-active; then
    unit=iscsid.socket
    if ! systemctl cat iscsid.socket >/dev/null 2>&1 && systemctl cat iscsid.service >/dev/null 2>&1; then
      unit=iscsid.service
    fi
  fi
  find_timeouts
}

want() { [[ -z $1 || " ${wanted[*]} " == *" $1 "* ]] || wanted+=("$1"); }

# The socket starts the service when it is needed, so either one is enough. Never iscsi.service or open-iscsi.service:
# these log in to every record that is set to automatic.
any_is() { systemctl "$1" --quiet iscsid.socket 2>/dev/null || systemctl "$1" --quiet iscsid.service 2>/dev/null; }

nothing_to_do() { ((${#missing[@]} + ${#wanted[@]} + ${#otherTimeouts[@]} == 0)) && [[ -z $unnamed$unit ]]; }

# Prints how a person installs packages on this system.
install_line() {
  case $management in
  ostree) echo "$ostree $*, and reboot the node" ;;
  transactional) echo "$transactional $*, and reboot the node" ;;
  nixos) echo "$nixos" ;;
  flatcar) echo "$flatcar" ;;
  *)
    if [[ -n $installer ]]; then
      echo "$installer $*"
    else
      echo "its own package manager what holds $(listed "${missing[@]}")"
    fi
    ;;
  esac
}

# Prints what a person, or the tool that manages the node, must add: one line each.
lines_to_add() {
  if [[ $management == nixos || $management == flatcar ]]; then
    ((${#wanted[@]} + ${#missing[@]} == 0)) && [[ -z $unnamed$unit ]] || install_line
    ((${#otherTimeouts[@]} == 0)) || timeout_lines
    return
  fi
  ((${#wanted[@]} + ${#missing[@]} == 0)) || install_line "${wanted[@]}"
  [[ -z $unnamed ]] || echo "$NAMING"
  [[ -z $unit ]] || echo "systemctl enable --now $unit"
  ((${#otherTimeouts[@]} == 0)) || timeout_lines
  if [[ -z $management ]]; then
    echo 'or with Ansible:'
    ((${#wanted[@]} == 0)) || echo "- ansible.builtin.package: { name: [$(listed "${wanted[@]}")], state: present }"
    [[ -z $unnamed ]] ||
      echo "- ansible.builtin.shell: { cmd: '$NAMING', creates: /etc/iscsi/initiatorname.iscsi }"
    [[ -z $unit ]] || echo "- ansible.builtin.systemd_service: { name: $unit, enabled: true, state: started }"
  fi
}

# Prints in words what is missing.
lacking() {
  local words=("${missing[@]}")
  ((${#missing[@]} > 0)) || words=("${wanted[@]}")
  [[ -z $unnamed ]] || words+=('an initiator name')
  [[ -z $unit ]] || words+=('a running and enabled iscsid')
  ((${#otherTimeouts[@]} == 0)) || words+=("$TIMEOUT = $replacementTimeout")
  listed "${words[@]}"
}

require_lock() {
  exec 9>"$root/run/lunward-prepare-node.lock"
  flock -w "$patience" 9 || report declined 'another process prepares this node: wait until it ends, then run the command again' busy
}

# Finds out what would do harm before anything is done.
require_safe() {
  local index there package
  [[ ${#missing[@]} == 0 || -n $manager ]] ||
    report declined "Lunward does not install packages on $(assigned "$root/etc/os-release" PRETTY_NAME); install with $(install_line)" unknown-system
  for index in "${!programs[@]}"; do
    package=${packages[index]:-}
    [[ " ${missing[*]} " == *" ${programs[index]} "* ]] || continue
    ! has_package "$manager" "$package" ||
      report declined "it lacks ${programs[index]} although package $package, which contains it, is installed: reinstall $package by hand" program-missing
  done
  there=$(sessions)
  [[ -z $unnamed || -z $there ]] ||
    report declined 'it has iSCSI sessions, but no initiator name in /etc/iscsi/initiatorname.iscsi: restore the name that the NAS knows' no-initiator-name
  [[ -z $unit || $(systemctl is-enabled "$unit" 2>/dev/null || true) != masked* ]] ||
    report declined "$unit is masked: \"systemctl unmask $unit\" allows it to run" masked
  # As soon as it is installed, Debian's package starts a service that logs in to such records.
  there=$(automatic_record)
  [[ " ${missing[*]} " != *' iscsiadm '* || -z $there ]] ||
    report declined "an earlier initiator left the record $there, and installing one would log in to it: remove the record, or set node.startup = manual in it" automatic-login
}

automatic_record() {
  grep --recursive --files-with-matches '^node.startup = automatic' "$root/etc/iscsi/nodes" "$root/var/lib/iscsi/nodes" 2>/dev/null | head -n 1 || true
}

make_name() {
  local name
  name=$(iscsi-iname)
  [[ $name == iqn.* ]] || {
    echo "iscsi-iname gave no name, but: $name" >&2
    exit 1
  }
  mkdir -p "${nameFile%/*}"
  (
    umask 077
    echo "InitiatorName=$name" >"$nameFile.draft"
  )
  finish_draft "$nameFile"
  did+=("made the initiator name $name")
  # The service reads the name only when it starts.
  if systemctl is-active --quiet iscsid.service; then
    systemctl restart iscsid.service
    did+=('restarted iscsid.service')
  fi
}

run_initiator() {
  any_is is-enabled || {
    systemctl --quiet enable "$unit"
    did+=("enabled $unit")
  }
  # A socket can't be started while its service runs.
  any_is is-active || {
    systemctl start "$unit"
    did+=("started $unit")
  }
}

management=$(management "$root")
find_manager
case $manager in
apt) packages=("${apt[@]}") ;;
dnf) packages=("${dnf[@]}") ;;
zypper) packages=("${zypper[@]}") ;;
*) packages=() ;;
esac
installed=() did=()

look
if ! nothing_to_do; then
  [[ -z $management ]] || report declined "it lacks $(lacking), and commands can't change its system; add"$'\n'"$(lines_to_add)" managed
  [[ -z $managedBy ]] || report declined "it lacks $(lacking), and its packages are managed by $managedBy; add"$'\n'"$(lines_to_add)" managed
  require_lock
  look
  require_safe
  require_sessions
  if ((${#wanted[@]} > 0)); then
    installed=("${wanted[@]}")
    install_packages "$manager" "${wanted[@]}"
    look
    ((${#missing[@]} == 0)) || {
      echo "$(listed "${installed[@]}") installed, and $(listed "${missing[@]}") still missing" >&2
      exit 1
    }
  fi
  [[ -z $unnamed ]] || make_name
  [[ -z $unit ]] || run_initiator
  set_timeouts
fi

fact system "$(assigned "$root/etc/os-release" PRETTY_NAME)"
fact initiatorName "$(assigned "$nameFile" InitiatorName)"
fact_json installed "$(json_strings "${installed[@]}")"
fact_json did "$(json_strings "${did[@]}")"
if ((${#installed[@]} + ${#did[@]} == 0)); then report unchanged; fi
report changed
