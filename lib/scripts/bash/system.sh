# shellcheck shell=bash
# Recognises the kind of operating system.

# assigned FILE NAME: prints a value from a file of assignments, such as /etc/os-release.
assigned() {
  local value
  value=$(sed -n "s/^$2=//p" "$1" 2>/dev/null | tail -n 1)
  value=${value#[\"\']}
  printf '%s' "${value%[\"\']}"
}

# management ROOT: prints what manages the system's packages, if that is not a package manager alone.
management() {
  if [[ -e $1/etc/NIXOS ]]; then
    echo nixos
  elif [[ -e $1/run/ostree-booted ]]; then
    echo ostree
  elif command -v transactional-update >/dev/null; then
    echo transactional
  elif [[ $(assigned "$1/etc/os-release" ID) == flatcar ]]; then
    echo flatcar
  fi
}

# Prints the version of systemd; 0 where it is not there.
systemd_version() {
  local version
  version=$(systemctl --version 2>/dev/null | sed -n '1s/^systemd \([0-9]*\).*/\1/p') || true
  echo "${version:-0}"
}

# Prints the mounts that hold what the kubelet mounts for pods, and that do not pass on what is mounted and unmounted
# there. This script has a mount namespace of its own, so it asks about that of process 1.
private_mounts() {
  local folder target propagation found=() last=''
  for folder in / /var/lib/kubelet; do
    read -r target propagation < <(findmnt --task 1 --raw --noheadings --output TARGET,PROPAGATION --target "$folder" 2>/dev/null) || continue
    [[ $propagation == *shared* || $target == "$last" ]] || found+=("$(json_string "$target")")
    last=$target
  done
  json_array "${found[@]}"
}
