# shellcheck shell=bash disable=SC2034
# What the machines have. Sourced by build.sh and customize.sh.

packages=(
  # A machine
  linux-image-cloud-amd64 initramfs-tools zstd busybox-static systemd-sysv udev dbus kmod procps psmisc
  openssh-server sudo iproute2 iptables iputils-ping socat jq
  # Storage, both sides
  open-iscsi nfs-common nfs-kernel-server cifs-utils samba rsync dmsetup
  e2fsprogs xfsprogs btrfs-progs lvm2 cryptsetup-bin fdisk util-linux attr acl lsscsi sg3-utils sqlite3
  # A node
  containerd runc containernetworking-plugins
)

# What a fresh node may lack. Their archives stay on the disk as a package source, since a machine has no network.
optional_packages=(open-iscsi nfs-common cifs-utils rsync xfsprogs sqlite3)
