#!/bin/busybox sh
# The first process: finds the machine's disk by its label, and goes on with the system there.
busybox=/bin/busybox

$busybox mount -t devtmpfs dev /dev
exec </dev/console >/dev/console 2>&1
echo 'lab: the kernel runs'
for module in /modules/*; do
  $busybox insmod "$module"
done
until root=$($busybox findfs LABEL=lab-root 2>/dev/null); do
  $busybox sleep 0.1
done
$busybox mount -t ext4 "$root" /mnt
$busybox umount /dev
exec $busybox switch_root /mnt /sbin/init
