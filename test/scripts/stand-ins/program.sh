#!/usr/bin/env bash
# Stands in for the programs that prepare a node, under their names: writes down what it was called with, and "installs" a
# program by writing a file of its name. What is so on the node lies in files of the folder STATE.
set -euo pipefail

name=${0##*/}
record() {
  echo "$name $*" >>"$STATE/calls"
  trap end_script EXIT
}
# The script is ended behind the call whose number stands in the file.
end_script() {
  if [[ -e $STATE/end-behind && $(sed -n '$=' "$STATE/calls") == "$(cat "$STATE/end-behind")" ]]; then
    rm "$STATE/end-behind"
    kill -9 "$SCRIPT"
  fi
}

# What is installed with each package; the units of an initiator are there with its package.
install() {
  local word
  for word in "$@"; do
    case $word in
    open-iscsi | iscsi-initiator-utils)
      add iscsiadm iscsi-iname
      touch "$STATE/iscsid.socket" "$STATE/iscsid.service"
      if [[ $name == apt-get ]]; then
        touch "$STATE/iscsid.socket.enabled" "$STATE/iscsid.socket.active"
        mkdir -p "$ROOT/etc/iscsi"
        echo 'InitiatorName=iqn.1993-08.org.debian:01:made' >"$ROOT/etc/iscsi/initiatorname.iscsi"
      fi
      ;;
    nfs-common | nfs-utils | nfs-client) add mount.nfs ;;
    e2fsprogs) add mkfs.ext4 ;;
    xfsprogs) add mkfs.xfs ;;
    sqlite | sqlite3) add sqlite3 ;;
    rsync) add rsync ;;
    esac
  done
}
add() {
  local program
  for program in "$@"; do cp "$0" "$BIN/$program"; done
}
said() { if [[ -e $STATE/$1 ]]; then cat "$STATE/$1"; fi; }

case $name in
apt-get)
  record "$*" "[${DEBIAN_FRONTEND-} ${NEEDRESTART_MODE-}]"
  said apt-says
  if [[ -e $STATE/apt-fails && $* != *update* ]]; then exit 100; fi
  if [[ $* != *--simulate* && $* != *update* ]]; then
    rm -f "$STATE/dpkg"
    install "$@"
  fi
  ;;
dnf)
  record "$@"
  said dnf-says
  if [[ $* == *--assumeno* ]]; then exit 1; fi
  if [[ -e $STATE/dnf-fails ]]; then exit 1; fi
  install "$@"
  ;;
zypper)
  record "$@" "[$ZYPP_LOCK_TIMEOUT]"
  said zypper-says
  if [[ -e $STATE/zypper-ends ]]; then exit "$(cat "$STATE/zypper-ends")"; fi
  if [[ $* != *--dry-run* ]]; then install "$@"; fi
  ;;
dpkg-query) if [[ $3 == *Package* ]]; then said dpkg; else sed -n "s/ $4\$//p" "$STATE/dpkg" 2>/dev/null; fi ;;
rpm) test -e "$STATE/rpm-$3" ;;
lslocks) said locks ;;
id) echo 0 ;;
flock) test ! -e "$STATE/being-prepared" ;;
iscsiadm)
  record "$@"
  grep --recursive --files-with-matches "^$6 " "$ROOT/etc/iscsi/nodes" | while IFS= read -r file; do sed -i "s/^$6 = .*/$6 = $8/" "$file"; done
  ;;
iscsi-iname) echo 'iqn.2016-04.com.open-iscsi:made' ;;
systemctl)
  unit=${*: -1}
  case $* in
  *is-enabled*)
    if [[ -e $STATE/$unit.masked ]]; then echo masked; fi
    test -e "$STATE/$unit.enabled"
    ;;
  *is-active*) test -e "$STATE/$unit.active" ;;
  *cat*) test -e "$STATE/$unit" ;;
  *)
    record "$@"
    case $* in
    *enable*) touch "$STATE/$unit.enabled" ;;
    *start*) touch "$STATE/$unit.active" ;;
    esac
    ;;
  esac
  ;;
*)
  echo "nobody asked for $name" >&2
  exit 1
  ;;
esac
