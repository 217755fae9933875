#!/usr/bin/env bash
# Moves an app's settings from NFS to a LUN by hand once the app is stopped: the commands of a user's plan that worked
# for them, as they typed them, in parts, so that something can happen in between. Lunward is compared with it.
#
#   move.sh copy|compare|patch|end|all PORTAL PATH IQN
# shellcheck disable=SC2086 # So it was typed
set -euo pipefail

portal=$2 path=$3 iqn=$4
device=/dev/disk/by-path/ip-$portal:3260-iscsi-$iqn-lun-1

copy() {
  sudo iscsiadm -m discovery -t sendtargets -p $portal:3260
  sudo iscsiadm -m node --targetname $iqn --portal $portal:3260 --login
  # A user would be typing the next line meanwhile.
  until sudo udevadm settle && [[ -b $device ]]; do sleep 0.1; done
  sudo mkfs.ext4 $device
  sudo mkdir -p /mnt/jellyfin-iscsi /mnt/jellyfin-nfs
  sudo mount $device /mnt/jellyfin-iscsi
  sudo mount -t nfs $portal:$path /mnt/jellyfin-nfs
  sudo cp -a /mnt/jellyfin-nfs/* /mnt/jellyfin-iscsi/
}

compare() {
  sudo du -sh /mnt/jellyfin-nfs /mnt/jellyfin-iscsi
}

patch() {
  sudo find /mnt/jellyfin-iscsi -name "database.xml" -type f
  sudo sed -i 's|<LockingBehavior>Optimistic</LockingBehavior>|<LockingBehavior>Default</LockingBehavior>|' \
    /mnt/jellyfin-iscsi/database.xml
}

end() {
  sudo umount /mnt/jellyfin-nfs /mnt/jellyfin-iscsi
  sudo iscsiadm -m node --targetname $iqn --portal $portal:3260 --logout
}

all() {
  copy
  compare
  patch
  end
}

"$1"
