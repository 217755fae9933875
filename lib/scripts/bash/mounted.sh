# shellcheck shell=bash
# A file system of ours on a disk: where it is already mounted, and whether it can be mounted without writing to it.
# Requires bash/luns.sh.

# require_type DEVICE TYPE: Lunward makes file systems of this type.
require_type() {
  case $2 in
  ext4 | xfs) ;;
  *) report declined "$1 holds ${2:-nothing that blkid recognises}, expected ext4 or xfs: it is another volume, or was overwritten" other-file-system ;;
  esac
}

# mounted_at DEVICE: prints a mount point that shows the whole file system of the device. A mount that belongs to no
# single pod comes first: using a pod's own mount keeps the pod from ending.
mounted_at() {
  local numbers found part point other=''
  numbers=$(<"/sys/block/${1##*/}/dev")
  while read -r _ _ found part point _; do
    [[ $found == "$numbers" && $part == / ]] || continue
    # A space is written as \040.
    printf -v point %b "$point"
    # Another mount may cover it.
    [[ $(mountpoint --fs-devno "$point" 2>/dev/null) == "$numbers" ]] || continue
    if [[ $point != */pods/* ]]; then
      echo "$point"
      return
    fi
    other=$point
  done </proc/self/mountinfo
  echo "$other"
}

# require_clean DEVICE TYPE: the file system is complete without its journal. Replaying a journal writes to the disk.
require_clean() {
  local clean=no
  case $2 in
  ext4) [[ $(dumpe2fs -h "$1" 2>/dev/null) =~ needs_recovery ]] || clean=yes ;;
  xfs) [[ $(xfs_logprint -t "$1" 2>/dev/null) != *'<CLEAN>'* ]] || clean=yes ;;
  esac
  [[ $clean == yes ]] || report declined "the file system was not unmounted cleanly: part of its data is only in its journal, and \
replaying that would write to it. Start the app, then run the command again" unclean
}

# without_journal TYPE: prints the mount option that does not replay the journal.
without_journal() { if [[ $1 == xfs ]]; then echo norecovery; else echo noload; fi; }

# mount_unwritten DEVICE FOLDER TYPE OPTIONS: mounts a file system so that nothing can write to its disk: even in a read-only
# mount, ext4 deletes what has no name any more and notes errors. The read-only loop device ends with the mount, and the
# mount with the mount namespace of this script. A disk that was itself set read-only would stay so if the script is
# killed, under an app that starts then.
mount_unwritten() {
  local said
  said=$(mount --types "$3" --options "loop,ro,$4,$(without_journal "$3")" "$1" "$2" 2>&1) ||
    report declined "$1 can't be mounted through a read-only loop device: ${said##*$'\n'}; check that the kernel has the loop module"
}
