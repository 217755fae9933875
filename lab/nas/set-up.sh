#!/usr/bin/env bash
# Makes a NAS of a fresh machine, once.
set -euo pipefail

pool=/dev/disk/by-id/virtio-pool
# As many files as a test wants: tables for more would take minutes to write.
mkfs.ext4 -q -L pool -N 200000 -E lazy_itable_init=0,lazy_journal_init=0 "$pool"
mkdir -p /pool
echo "$pool /pool ext4 defaults 0 2" >>/etc/fstab
mount /pool

cat >/etc/nfs.conf.d/lab.conf <<'CONFIGURATION'
[nfsd]
threads=4
vers3=y
vers4.2=y
CONFIGURATION

cat >/etc/samba/smb.conf <<'CONFIGURATION'
[global]
  server role = standalone server
  disable netbios = yes
  load printers = no
  printing = bsd
  include = registry
  log file = /var/log/samba/log
CONFIGURATION

# What `systemctl enable` does, without the reload that takes an emulated machine six seconds.
wants=/etc/systemd/system/multi-user.target.wants
ln -s /etc/systemd/system/lab-luns.service /lib/systemd/system/nfs-server.service "$wants"
systemctl start nfs-server.service
modprobe -a loop target_core_mod target_core_iblock iscsi_target_mod dm_mod
# Pages that can be read again make the saved memory larger and its loading longer.
sync
echo 3 >/proc/sys/vm/drop_caches
