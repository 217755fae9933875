#!/usr/bin/env bash
# Before the kernel is installed into the root file system $1: keeps its initial RAM disk to what finds the disk, since
# an emulated machine takes seconds to unpack the default one.
set -euo pipefail

root=$1
mkdir -p "$root/etc/initramfs-tools/conf.d" "$root/usr/share/initramfs-tools/modules.d"
printf 'MODULES=list\nCOMPRESS=zstd\nFSTYPE=ext4\n' >"$root/etc/initramfs-tools/conf.d/lab"
printf 'virtio_pci\nvirtio_blk\n' >"$root/usr/share/initramfs-tools/modules.d/lab"
