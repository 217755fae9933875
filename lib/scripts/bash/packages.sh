# shellcheck shell=bash
# Installs missing packages and nothing else: it declines if that would change an installed package.

: "${root?}"
: "${patience:?}"

# install_packages MANAGER PACKAGE...: MANAGER is apt, dnf or zypper.
install_packages() {
  # Debian's needrestart would otherwise restart services by itself.
  export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l ZYPP_LOCK_TIMEOUT=$patience
  "$1_install" "${@:2}"
}

# unfinished_packages MANAGER PACKAGE...: prints those whose installation was begun and not finished. RPM has no such
# state.
unfinished_packages() {
  [[ $1 == apt ]] || return 0
  dpkg-query --show --showformat '${db:Status-Status} ${Package}\n' "${@:2}" 2>/dev/null |
    sed -n 's/^\(half-[a-z]*\|unpacked\) //p' || true
}

# has_package MANAGER PACKAGE: the package is installed.
has_package() {
  if [[ $1 == apt ]]; then
    [[ $(dpkg-query --show --showformat '${db:Status-Status}' "$2" 2>/dev/null || true) == installed ]]
  else
    rpm --query --quiet "$2"
  fi
}

apt_install() {
  local options=(--yes --quiet --no-install-recommends --no-upgrade
    -o "DPkg::Lock::Timeout=$patience"
    # Keeps configuration files that someone has edited.
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold)
  local begun=("$root/var/lib/dpkg/updates"/[0-9]*)
  ((${#begun[@]} == 0)) || report declined "$INTERRUPTED" interrupted
  # A fresh machine's package lists are empty or old. If they can't be downloaded, the old ones may still do.
  apt-get --quiet update >/dev/null 2>&1 9>&- || true
  attempt apt-get --simulate "${options[@]}" install "$@"
  apt_changes
  attempt apt-get "${options[@]}" install "$@"
}

readonly INTERRUPTED='dpkg was interrupted on this node: "dpkg --configure -a" finishes its work; then run the command again'

# Declines if the simulation in `said` would change installed packages.
apt_changes() {
  local line others=() present='^Inst ([^ ]+) \[([^]]*)\] \(([^ ]+)'
  while IFS= read -r line; do
    if [[ $line =~ $present ]]; then
      # Installing the same version again finishes an installation that was cut off.
      [[ ${BASH_REMATCH[2]} == "${BASH_REMATCH[3]}" ]] || others+=("upgrade ${BASH_REMATCH[1]}")
    elif [[ $line =~ ^Remv\ ([^ ]+) ]]; then
      others+=("remove ${BASH_REMATCH[1]}")
    fi
  done <<<"$said"
  ((${#others[@]} == 0)) || decline_changes "$(listed "${others[@]}")"
}

dnf_install() {
  local options=(install --setopt=install_weak_deps=False) others
  wait_for_rpm
  # dnf exits with 1, because the answer is no.
  said=$(dnf "${options[@]}" --assumeno "$@" 2>&1 9>&-) || true
  others=$(grep -E '^(Upgrading|Downgrading|Reinstalling|Removing)[a-z ]*:$' <<<"$said" || true)
  [[ -z $others ]] || decline_changes "do more than install: ${others//$'\n'/ }"
  attempt dnf "${options[@]}" --assumeyes "$@"
}

# dnf waits without limit for another process that holds rpm's lock, and not every version has an option against that.
wait_for_rpm() {
  local holder
  while :; do
    holder=$(lslocks --noheadings --raw --output PATH,PID,COMMAND 2>/dev/null | sed -n 's|^[^ ]*/\.rpm\.lock ||p' | head -n 1)
    [[ -n $holder ]] || return 0
    ((SECONDS < patience)) || decline_locked "by process $holder"
    sleep 5
  done
}

zypper_install() {
  local options=(--non-interactive install --no-recommends) others
  attempt zypper "${options[@]}" --dry-run "$@"
  others=$(grep -E 'going to be (upgraded|downgraded|removed|REMOVED)' <<<"$said" || true)
  [[ -z $others ]] || decline_changes "do more than install: ${others//$'\n'/ }"
  attempt zypper "${options[@]}" "$@"
}

# Runs a package manager and puts its output into `said`. Ends the script if the package manager fails.
attempt() {
  local code=0 holder
  # Without this script's lock, which a daemon that a package starts would otherwise keep.
  said=$("$@" 2>&1 9>&-) || code=$?
  case $1:$code in
  *:0) return 0 ;;
  # A reboot or restart is needed, or updates must be searched again: zypper(8), EXIT CODES.
  zypper:10[236]) return 0 ;;
  zypper:7) decline_locked "$(grep -i -m 1 'locked' <<<"$said" || true)" ;;
  esac
  if holder=$(grep -m 1 'Could not get lock' <<<"$said"); then decline_locked "$holder"; fi
  [[ $said != *'dpkg was interrupted'* ]] || report declined "$INTERRUPTED" interrupted
  tail -n 20 <<<"${said//$'\r'/$'\n'}" >&2
  echo "$1 ended with $code" >&2
  exit "$code"
}

decline_locked() {
  report declined "another process manages packages on this node: $1. Lunward waited $patience s for it; wait until it ends, then run the command again" busy
}

decline_changes() {
  report declined "installing what is missing would $1, and Lunward changes no installed package: do that by hand, then run the command again" would-change
}

# listed WORD...: prints "one, two, three".
listed() {
  local IFS=,
  local words="$*"
  printf '%s' "${words//,/, }"
}
