# shellcheck shell=bash
# Addresses, which have more than one spelling: the kernel, iscsiadm, mount tables and the resolver each write them in their own way.
# What is compared are keys, which are the same for all spellings of an address. Parameters are in their canonical form already
# (lib/core/addresses.ts).

# address_key ADDRESS, with or without brackets. A host name in lower case; what is no address stays as it is, but for that.
address_key() {
  local address=${1,,} group key=''
  local -a head=() tail=() groups=()
  address=${address#[} address=${address%]}
  if [[ $address != *:* ]]; then
    echo "${address%.}"
    return
  fi
  if [[ $address =~ ^(.*:)([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})$ ]]; then
    printf -v address '%s%x:%x' "${BASH_REMATCH[1]}" "$((10#${BASH_REMATCH[2]} * 256 + 10#${BASH_REMATCH[3]}))" \
      "$((10#${BASH_REMATCH[4]} * 256 + 10#${BASH_REMATCH[5]}))"
  fi
  IFS=: read -r -a head <<<"${address%%::*}"
  [[ $address != *::* ]] || IFS=: read -r -a tail <<<"${address#*::}"
  groups=("${head[@]}")
  if [[ $address == *::* ]]; then
    while ((${#groups[@]} + ${#tail[@]} < 8)); do groups+=(0); done
  fi
  for group in "${groups[@]}" "${tail[@]}"; do
    if [[ ! $group =~ ^[0-9a-f]{1,4}$ ]]; then
      echo "$address"
      return
    fi
    printf -v key '%s:%x' "$key" "$((16#$group))"
  done
  # IPv4 in IPv6: the same server.
  if [[ $key =~ ^:0:0:0:0:0:ffff:([0-9a-f]+):([0-9a-f]+)$ ]]; then
    printf -v key '%d.%d.%d.%d' "$((16#${BASH_REMATCH[1]} >> 8))" "$((16#${BASH_REMATCH[1]} & 255))" \
      "$((16#${BASH_REMATCH[2]} >> 8))" "$((16#${BASH_REMATCH[2]} & 255))"
  fi
  echo "${key#:}"
}

# portal_key PORTAL: the same of an address and its port.
portal_key() { echo "$(address_key "${1%:*}"):${1##*:}"; }
