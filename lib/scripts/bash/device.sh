# shellcheck shell=bash
# Checks of a disk before anything is written to it. Each one ends the script if it fails.

# require_identity DEVICE BYTES WWN: the device is the disk in the plan, whatever its name is now.
require_identity() {
  require_size "$1" "$2"
  require_name "$1" "$3"
}

require_size() {
  local device=$1 bytes=$2 found
  found=$(blockdev --getsize64 "$device")
  ((found == bytes)) || report declined "$device has $found bytes, expected $bytes: it is another LUN, or was resized" other-size
}

# require_name DEVICE WWN: like require_identity, for a disk that may have been grown, so its size proves nothing.
require_name() {
  require_called "$@"
  [[ $(blockdev --getro "$1") == 0 ]] || report declined "$1 is read-only"
}

# require_called DEVICE WWN: like require_name, for a disk that is only read.
require_called() {
  local device=$1 wwn=$2 found
  found=$(lsblk --nodeps --noheadings --output WWN "$device")
  [[ ${found// /} == "$wwn" ]] ||
    report declined "$device has WWN ${found// /}, expected $wwn: the NAS shows another LUN under this number" other-lun
}

# require_file_system DEVICE UUID: the file system on the disk is the one that was recorded. Requires bash/luns.sh.
require_file_system() {
  local device=$1 uuid=$2 found
  found=$(uuid_of "$device")
  [[ $found == "$uuid" ]] ||
    report declined "the file system on $device has UUID ${found:-none}, expected $uuid: it is another volume, or was formatted again" other-file-system
}

# require_unused DEVICE: this node has nothing mounted from it or built on it.
require_unused() {
  local device=$1 name part found
  name=${device##*/}
  for part in "/sys/block/$name/$name"*; do report declined "$device has a partition: ${part##*/}" partitioned; done
  found=$(use_of "$name")
  [[ -z $found ]] || report declined "$device is $found" in-use
  require_exclusive "$device"
}

# require_exclusive DEVICE: the kernel knows of no use, in mount namespaces without a process either. A disk that the NAS
# makes read-only can't be opened exclusively. Requires bash/disk-use.sh.
require_exclusive() {
  local said
  [[ $(blockdev --getro "$1") == 0 ]] || return 0
  said=$(open_exclusively "$1") ||
    report declined "$1 can't be opened exclusively, so another process uses it: ${said##*$'\n'}" in-use
}

# require_blank DEVICE IMAGE: each byte of the disk is zero, or the byte that the image has there. Every block is read
# from the target, past all caches.
require_blank() {
  local device=$1 image=$2 code=0 found
  found=$(blkid --probe --output value --match-tag TYPE --match-tag PTTYPE "$device") || code=$?
  case $code in
  2) ;;
  0) report declined "$device is not blank: it holds ${found//$'\n'/, }" not-blank ;;
  8) report declined "$device is not blank: blkid recognises more than one thing on it" not-blank ;;
  *) report declined "blkid can't examine $device: it exited with code $code" unreadable ;;
  esac
  found=$(wipefs --no-act --noheadings --output TYPE "$device")
  [[ -z $found ]] || report declined "$device is not blank: it holds a signature of ${found//$'\n'/, }" not-blank
  found=$(first_foreign_byte "$device" "$image")
  case $found in
  none) ;;
  unread) report declined "$device can't be read to its end, so it may not be blank" unreadable ;;
  *) report declined "$device is not blank: byte $found is not zero" not-blank ;;
  esac
}

# first_foreign_byte DEVICE IMAGE [FROM]: prints the offset, counted from FROM, of the first byte that is neither zero
# nor the image's; `none` if there is none; `unread` if the disk can't be read to its end. cmp lists every difference:
# offset, byte of the image, byte of the disk.
first_foreign_byte() {
  local said
  said=$(
    set +e
    dd if="$1" bs=4M skip="${3:-0}" iflag=direct,skip_bytes status=none 2>/dev/null |
      cmp --verbose "$2" - 2>/dev/null | grep --max-count=1 --invert-match ' 0$'
    echo "codes ${PIPESTATUS[*]}"
  )
  case ${said##*$'\n'} in
  'codes 0 '[01]' 1') echo none ;;
  *' 0')
    [[ $said =~ ^\ *([0-9]+)\  ]]
    echo $((BASH_REMATCH[1] - 1))
    ;;
  *) echo unread ;;
  esac
}
