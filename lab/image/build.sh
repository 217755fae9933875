#!/usr/bin/env bash
# Makes the disk that every machine of the lab starts from, with its kernel: base.img, vmlinuz, initrd.img, and the
# static busybox for container images, in the current folder.
#
# Only mmdebstrap wants more than an ordinary user: as root it uses chroot, else user namespaces or fakechroot, whichever
# works. fakeroot keeps owners and modes on the way into the disk image.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
suite=bookworm
disk_size=5G

# shellcheck source=lab/image/packages.sh
source "$here/packages.sh"

include=$(
  IFS=,
  echo "${packages[*]}"
)
# Debian's own initial RAM disk is made with the kernel and never used: without the drivers of every machine there is.
# shellcheck disable=SC2016
small_initramfs='mkdir -p "$1/etc/initramfs-tools/conf.d" && echo MODULES=list >"$1/etc/initramfs-tools/conf.d/lab"'
# The index of the packages that are kept on the disk stays there with them.
mmdebstrap --variant=apt --architectures=amd64 --include="$include" --skip=cleanup/apt/lists \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
  --essential-hook="$small_initramfs" \
  --customize-hook="bash '$here/customize.sh' \"\$1\"" \
  "$suite" rootfs.tar

# One fakeroot for both: the owners that tar sets live only as long as it does.
cat >pack.sh <<'PACK'
set -euo pipefail
mkdir root
tar -C root -xpf rootfs.tar
cp root/boot/vmlinuz-* vmlinuz
cp root/boot/lab-initrd.img initrd.img
cp root/bin/busybox busybox
rm -rf root/boot
mke2fs -q -t ext4 -L lab-root -E root_owner=0:0,lazy_itable_init=0,lazy_journal_init=0 -d root base.img "$1"
PACK
fakeroot bash pack.sh "$disk_size"
chmod -R u+rwX root
rm -rf root rootfs.tar pack.sh
