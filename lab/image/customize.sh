#!/usr/bin/env bash
# Makes a machine of the lab out of the root file system $1, in which all packages are installed.
set -euo pipefail

root=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=lab/image/packages.sh
source "$here/packages.sh"

# No machine may take over what makes another one that machine.
forget_identity() {
  : >"$root/etc/machine-id"
  rm -f "$root"/etc/ssh/ssh_host_* "$root/etc/iscsi/initiatorname.iscsi" "$root/etc/hostname"
}

# Archives of the packages that a node may lack, as a source for apt.
keep_packages() {
  local folder=$root/opt/lab/packages archive
  mkdir -p "$folder"
  # The chroot's own apt has the sources that the packages came from.
  chroot "$root" sh -c 'cd /opt/lab/packages && apt-get -o APT::Sandbox::User=root download "$@"' - "${optional_packages[@]}"
  for archive in "$folder"/*.deb; do
    dpkg-deb -f "$archive"
    echo "Filename: ./${archive##*/}"
    echo "Size: $(stat -c %s "$archive")"
    echo "SHA256: $(sha256sum "$archive" | cut -d ' ' -f 1)"
    echo
  done >"$folder/Packages"
}

use_kept_packages() {
  rm -rf "$root"/etc/apt/sources.list.d/* "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*
  echo 'deb [trusted=yes] file:/opt/lab/packages ./' >"$root/etc/apt/sources.list"
  chroot "$root" apt-get -q update
}

# A second of an emulated processor each, and of no use without a network or a screen.
mask_units() {
  local unit
  for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service \
    fstrim.timer man-db.timer systemd-timesyncd.service systemd-networkd.service systemd-networkd.socket \
    getty@tty1.service serial-getty@ttyS0.service systemd-pstore.service systemd-binfmt.service \
    nmbd.service samba-ad-dc.service winbind.service lvm2-monitor.service lvm2-lvmpolld.socket \
    blkmapd.service nfs-blkmap.service systemd-update-utmp.service systemd-logind.service systemd-random-seed.service \
    modprobe@drm.service modprobe@efi_pstore.service modprobe@dm_mod.service \
    systemd-sysusers.service systemd-journal-flush.service systemd-update-utmp-runlevel.service \
    modprobe@loop.service modprobe@fuse.service dev-hugepages.mount sys-kernel-debug.mount \
    sys-kernel-tracing.mount proc-sys-fs-binfmt_misc.automount; do
    ln -sf /dev/null "$root/etc/systemd/system/$unit"
  done
  # Whoever needs one of these starts it.
  for unit in containerd.service nfs-server.service smbd.service rpcbind.service; do
    rm -f "$root/etc/systemd/system/multi-user.target.wants/$unit"
  done
  # Its socket starts it.
  ln -s /dev/null "$root/etc/systemd/system/multi-user.target.wants/dbus.service"
}

# Each is a process at every start and every reload of units, and finds nothing here.
mask_generators() {
  local name
  mkdir -p "$root/etc/systemd/system-generators"
  for name in bless-boot cryptsetup debug getty gpt-auto hibernate-resume integritysetup rc-local run system-update sysv \
    veritysetup; do
    ln -s /dev/null "$root/etc/systemd/system-generators/systemd-$name-generator"
  done
}

# A process for every level of every mount of NFS, some tenth of a second each: it sets how much is read ahead to what it is.
mask_read_ahead() { ln -s /dev/null "$root/etc/udev/rules.d/99-nfs.rules"; }

enable_units() {
  local unit
  mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
  for unit in lab-identity.service lab-ready.service; do
    ln -sf "/etc/systemd/system/$unit" "$root/etc/systemd/system/multi-user.target.wants/$unit"
  done
}

add_operator() {
  chroot "$root" useradd --create-home --shell /bin/bash admin
  echo 'admin ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/admin"
  chmod 440 "$root/etc/sudoers.d/admin"
}

keep_packages
use_kept_packages
cp -r --no-preserve=ownership "$here/files/." "$root"
chmod 755 "$root"/usr/local/lib/lab/*.sh
mask_units
mask_generators
mask_read_ahead
enable_units
add_operator
forget_identity
bash "$here/initramfs.sh" "$root" "$root/boot/lab-initrd.img"
# open-iscsi's trigger would cost an emulated machine minutes.
echo 'update_initramfs=no' >"$root/etc/initramfs-tools/update-initramfs.conf"
