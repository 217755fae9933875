# shellcheck shell=bash
# A file system of ours on a disk: where it is mounted already, and whether it can be mounted without writing to it. Wants
# bash/iscsi.sh.

# require_type DEVICE TYPE: that is one of those that are made here.
require_type() {
  case $2 in
  ext4 | xfs) ;;
  *) report declined "$1 holds ${2:-nothing that is recognised}, expected ext4 or xfs: it is another volume, or was overwritten" ;;
  esac
}

# mounted_at DEVICE: a folder through which all of its file system can be seen, as it is mounted already. One that belongs to no
# single pod comes first: a pod is gone only once nobody looks through its own any more.
mounted_at() {
  local numbers found part point other=''
  numbers=$(<"/sys/block/${1##*/}/dev")
  while read -r _ _ found part point _; do
    [[ $found == "$numbers" && $part == / ]] || continue
    # A space is \040.
    printf -v point %b "$point"
    # Something else may lie over it.
    [[ $(mountpoint --fs-devno "$point" 2>/dev/null) == "$numbers" ]] || continue
    if [[ $point != */pods/* ]]; then
      echo "$point"
      return
    fi
    other=$point
  done </proc/self/mountinfo
  echo "$other"
}

# require_clean DEVICE TYPE: what a file system holds is there without its journal. To play that back is to write.
require_clean() {
  local clean=no
  case $2 in
  ext4) [[ $(dumpe2fs -h "$1" 2>/dev/null) =~ needs_recovery ]] || clean=yes ;;
  xfs) [[ $(xfs_logprint -t "$1" 2>/dev/null) != *'<CLEAN>'* ]] || clean=yes ;;
  esac
  [[ $clean == yes ]] || report declined "the file system was not unmounted in good order, so a part of what it holds is in its journal \
alone, and nothing is written here to see it: start the app, and run the command again"
}

# without_journal TYPE: the option with which a mount does not play it back.
without_journal() { if [[ $1 == xfs ]]; then echo norecovery; else echo noload; fi; }
