#!/usr/bin/env bash
# Folders of the NAS that are given out by NFS or Samba. What is configured lies on the system's disk and lasts.
#
#   exports.sh folder PATH OWNER MODE          makes a folder on the pool, under the path that clients see
#   exports.sh nfs PATH OPTIONS                such as rw,root_squash
#   exports.sh unexport PATH
#   exports.sh smb NAME PATH USER              reads the password
set -euo pipefail

# Whatever the first part of a path, it lies on the pool: a NAS calls its pools as it likes.
place_on_pool() {
  local top
  top=$(cut -d / -f 2 <<<"$1")
  if ! grep -q " /$top none bind" /etc/fstab; then
    if [[ -e /$top ]]; then
      echo "exports.sh: /$top is a folder of the NAS's own system: a path can't begin with it, got '$1'" >&2
      exit 2
    fi
    mkdir -p "/pool/$top" "/$top"
    echo "/pool/$top /$top none bind,x-systemd.requires-mounts-for=/pool 0 0" >>/etc/fstab
  fi
  mountpoint -q "/$top" || mount "/$top"
}

folder() {
  local path=$1 owner=$2 mode=$3
  place_on_pool "$path"
  mkdir -p "$path"
  chown "$owner" "$path"
  chmod "$mode" "$path"
}

file_for() { printf '/etc/exports.d/%s.exports' "$(sha256sum <<<"$1" | cut -c 1-16)"; }

nfs() {
  local path=$1 options=$2
  mkdir -p /etc/exports.d
  printf '"%s" *(%s,no_subtree_check,insecure)\n' "$path" "$options" >"$(file_for "$path")"
  exportfs -ra
}

unexport() {
  rm -f "$(file_for "$1")"
  exportfs -ra
}

smb() {
  local name=$1 path=$2 user=$3 password
  IFS= read -r password
  id "$user" >/dev/null 2>&1 || useradd --no-create-home --no-user-group --uid "$(stat -c %u "$path")" --non-unique "$user"
  printf '%s\n%s\n' "$password" "$password" | smbpasswd -s -a "$user" >/dev/null
  net conf delshare "$name" >/dev/null 2>&1 || true
  net conf addshare "$name" "$path" writeable=y guest_ok=n
  systemctl enable --quiet --now smbd
}

verb=$1
shift
case $verb in
folder | nfs | unexport | smb)
  "$verb" "$@"
  # A NAS that said so does not forget it when its power goes off the next moment.
  sync
  ;;
*)
  echo "exports.sh: expected folder, nfs, unexport or smb, got '$verb'" >&2
  exit 2
  ;;
esac
