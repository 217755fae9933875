#!/usr/bin/env bash
# Makes the initial RAM disk $2 for the root file system $1: a shell and the modules that every machine needs, loaded in
# order. Debian's own asks udev for every device, and the system does so once more when it starts.
set -euo pipefail

root=$1 target=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
modules=(virtio_pci virtio_blk virtio_net virtio_rng qemu_fw_cfg ext4)

version=$(basename "$root"/lib/modules/*)
# Inside the root file system, so that its own tools do the work.
stage=/opt/lab/initramfs
mkdir -p "$root$stage"/{bin,dev,mnt,modules}
cp "$root/bin/busybox" "$root$stage/bin/busybox"
cp "$here/init.sh" "$root$stage/init"
chmod 755 "$root$stage/init"

number=100
while read -r file; do
  cp "$root$file" "$root$stage/modules/$((number++))-${file##*/}"
done < <(
  for module in "${modules[@]}"; do
    chroot "$root" modprobe --set-version "$version" --show-depends "$module"
  done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }'
)

# Not compressed: the emulated processor would have to unpack it.
chroot "$root" sh -c "cd $stage && find . | LC_ALL=C sort | busybox cpio -o -H newc" >"$target"
rm -r "$root$stage"
