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
