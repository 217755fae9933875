#!/usr/bin/env bash
# Makes this machine itself, at every start: name and addresses from the kernel's command line, keys from the firmware
# configuration; initiator name only where there is none, so that a changed one stays over a reboot.
#
#   lab.host=node-a lab.address=192.0.2.210/24 lab.pods=198.18.1.0/24
set -euo pipefail

firmware=/sys/firmware/qemu_fw_cfg/by_name/opt/lunward

parameter() {
  local word
  for word in $(</proc/cmdline); do
    if [[ $word == "lab.$1="* ]]; then
      printf '%s' "${word#*=}"
      return
    fi
  done
}

set_name() {
  echo "$host" >/etc/hostname
  hostname "$host"
  printf '127.0.0.1 localhost\n::1 localhost\n%s %s\n' "${address%/*}" "$host" >/etc/hosts
}

# The card with a MAC address that begins so, once the kernel has found it.
card() {
  local prefix=$1 file address tries
  for ((tries = 0; tries < 600; tries++)); do
    for file in /sys/class/net/*/address; do
      read -r address <"$file"
      if [[ $address == "$prefix"* ]]; then
        file=${file%/address}
        printf '%s' "${file##*/}"
        return
      fi
    done
    sleep 0.1
  done
  echo "identity.sh: no network card with a MAC address that begins with $prefix" >&2
  return 1
}

# QEMU answers on the card for control itself, and lets nothing further. One process for all of it: an emulated machine is
# slow to start one.
set_addresses() {
  local control storage
  control=$(card 52:54:00:00:00)
  storage=$(card 52:54:00:00:01)
  ip -batch - <<BATCH
link set lo up
$([[ $control == control ]] || echo "link set $control name control")
link set control up
address replace 10.0.2.15/24 dev control
route replace default via 10.0.2.2
$([[ $storage == storage ]] || echo "link set $storage name storage")
link set storage up
address replace $address dev storage
BATCH
}

set_keys() {
  [[ -d $firmware ]] || modprobe qemu_fw_cfg
  install -d -m 700 /root/.ssh
  install -d -m 700 -o admin -g admin /home/admin/.ssh
  install -m 600 "$firmware/authorized_key/raw" /root/.ssh/authorized_keys
  install -m 600 -o admin -g admin "$firmware/authorized_key/raw" /home/admin/.ssh/authorized_keys
  install -m 600 "$firmware/host_key/raw" /etc/ssh/ssh_host_ed25519_key
  ssh-keygen -y -f /etc/ssh/ssh_host_ed25519_key >/etc/ssh/ssh_host_ed25519_key.pub
}

set_initiator_name() {
  if [[ -d /etc/iscsi && ! -s /etc/iscsi/initiatorname.iscsi ]]; then
    (
      umask 077
      echo "InitiatorName=iqn.1993-08.org.debian:01:$host" >/etc/iscsi/initiatorname.iscsi
    )
  fi
}

set_pod_network() {
  local pods=$1
  if [[ -n $pods ]]; then
    mkdir -p /etc/cni/net.d
    sed "s|POD_SUBNET|$pods|" /usr/local/lib/lab/pod-network.json >/etc/cni/net.d/10-lab.conflist
  fi
}

host=$(parameter host)
address=$(parameter address)
set_name
set_addresses
set_keys
set_initiator_name
set_pod_network "$(parameter pods)"
