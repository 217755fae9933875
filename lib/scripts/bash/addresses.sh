# shellcheck shell=bash
# The same address has several spellings: the kernel, iscsiadm, mount tables and the resolver each write it their own
# way. These functions turn an address into a key, which is the same for all its spellings. Scripts compare keys.
# Parameters are already in their canonical form (lib/core/addresses.ts).

# address_key ADDRESS: prints the key of an address, with or without brackets. A host name becomes lower case and loses
# a dot at its end. Anything else that is not an address becomes lower case.
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

# portal_key PORTAL: prints the key of ADDRESS:PORT.
portal_key() { echo "$(address_key "${1%:*}"):${1##*:}"; }
