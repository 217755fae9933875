#!/usr/bin/env bash
# LUNs of the NAS: thin files on its pool, given out by LIO. Everything is configured through the kernel's configfs, and
# what is to last lies beside the files, so that a NAS that was started again has its targets back by itself.
#
#   luns.sh create NAME SIZE              makes the file, such as 1Gi; a NAME that exists keeps its data
#   luns.sh map IQN LUN NAME              gives the file out under this number; another one under it is replaced
#   luns.sh unmap IQN LUN
#   luns.sh grow NAME SIZE
#   luns.sh format NAME TYPE              such as ext4
#   luns.sh delete NAME                   the file must not be mapped
#   luns.sh authenticate IQN              reads four lines: user, password, and both for the target, or nothing
#   luns.sh allow IQN [INITIATOR...]      none: every initiator
#   luns.sh fail NAME FIRST COUNT         these sectors of 512 bytes can't be read or written
#   luns.sh drop-writes NAME              writes are acknowledged and forgotten
#   luns.sh heal NAME                     ends both
#   luns.sh sessions                      a line a session: IQN INITIATOR
#   luns.sh hash NAME                     of the file's size and content
#   luns.sh restore                       everything, after the NAS was started
set -euo pipefail

files=/pool/@luns
targets=/pool/@targets
configuration=/sys/kernel/config/target
portal=0.0.0.0:3260

# Files: a loop device, so that they are thin and can grow; a device-mapper device above it, so that faults can be put
# under a LUN that is in use.

# Writes a file from stdin that is whole even if the power goes off the next moment.
keep() {
  cat >"$1.draft"
  sync "$1.draft"
  mv "$1.draft" "$1"
  sync "$(dirname "$1")"
}

file_of() { printf '%s/%s.img' "$files" "$1"; }
device_of() { printf '/dev/mapper/lun-%s' "$1"; }
loop_of() { losetup --noheadings --output NAME --associated "$(file_of "$1")"; }
sectors_of() { blockdev --getsz "$(loop_of "$1")"; }

create() {
  local name=$1 size=$2 file
  file=$(file_of "$name")
  mkdir -p "$files" "$targets"
  if [[ ! -e $file ]]; then
    truncate --size "$(numfmt --from=auto "$size")" "$file.draft"
    keep "$files/$name.serial" </proc/sys/kernel/random/uuid
    mv "$file.draft" "$file"
    sync "$files"
  fi
  attach "$name"
}

attach() {
  local name=$1 store=$configuration/core/iblock_0/$1
  [[ -n $(loop_of "$name") ]] || losetup --find "$(file_of "$name")"
  [[ -e $(device_of "$name") ]] || load_table create "$name" <<<"0 $(sectors_of "$name") linear $(loop_of "$name") 0"
  if [[ ! -d $store ]]; then
    mkdir -p "$store"
    echo "udev_path=$(device_of "$name")" >"$store/control"
    cat "$files/$name.serial" >"$store/wwn/vpd_unit_serial"
    echo 1 >"$store/enable"
    echo 1 >"$store/attrib/emulate_tpu"
  fi
}

# What a device-mapper device does, from a table on stdin.
load_table() {
  local verb=$1 name=lun-$2
  if [[ $verb == create ]]; then
    dmsetup create "$name"
  else
    dmsetup reload "$name"
    # Waiting requests must go through the new table, not wait for a flush through the old one.
    dmsetup suspend --noflush --nolockfs "$name"
    dmsetup resume "$name"
  fi
  udevadm settle
}

grow() {
  local name=$1 size=$2
  truncate --size "$(numfmt --from=auto "$size")" "$(file_of "$name")"
  losetup --set-capacity "$(loop_of "$name")"
  heal "$name"
}

# On the file: LIO holds the device above it for itself alone, and keeps nothing of what it has read.
format() {
  local name=$1 type=$2
  case $type in
  ext3 | ext4) "mkfs.$type" -q -F "$(file_of "$name")" ;;
  *) "mkfs.$type" -f "$(file_of "$name")" >/dev/null ;;
  esac
  sync "$(file_of "$name")"
}

delete() {
  local name=$1 loop
  loop=$(loop_of "$name")
  rmdir "$configuration/core/iblock_0/$name"
  dmsetup remove --retry "lun-$name"
  losetup --detach "$loop"
  rm -f "$(file_of "$name")" "$files/$name.serial"
}

fail() {
  local name=$1 first=$2 count=$3 loop sectors after
  loop=$(loop_of "$name")
  sectors=$(sectors_of "$name")
  after=$((first + count))
  {
    ((first == 0)) || echo "0 $first linear $loop 0"
    echo "$first $count error"
    ((after == sectors)) || echo "$after $((sectors - after)) linear $loop $after"
  } | load_table reload "$name"
}

drop_writes() {
  modprobe dm-flakey
  # Up for no second, down for ever.
  load_table reload "$1" <<<"0 $(sectors_of "$1") flakey $(loop_of "$1") 0 0 4000000 1 drop_writes"
}

heal() { load_table reload "$1" <<<"0 $(sectors_of "$1") linear $(loop_of "$1") 0"; }

# Targets: a folder an IQN, with luns/NUMBER (the name of a file), authentication and initiators.

group_of() { printf '%s/iscsi/%s/tpgt_1' "$configuration" "$1"; }

map() {
  local iqn=$1 number=$2 name=$3
  mkdir -p "$targets/$iqn/luns"
  keep "$targets/$iqn/luns/$number" <<<"$name"
  start_target "$iqn"
}

unmap() {
  rm -f "$targets/$1/luns/$2"
  take_lun "$1" "$2"
}

authenticate() {
  umask 077
  keep "$targets/$1/authentication"
  start_target "$1"
}

allow() {
  local iqn=$1
  shift
  # The kernel goes on letting in whoever it let in once, so only a new target has a new list.
  stop_target "$iqn"
  printf '%s\n' "$@" | keep "$targets/$iqn/initiators"
  start_target "$iqn"
}

# Makes the kernel's target what its folder says.
start_target() {
  local iqn=$1 group number
  group=$(group_of "$iqn")
  mkdir -p "$group" "$group/np/$portal"
  for number in $(names_in "$targets/$iqn/luns"); do give_lun "$iqn" "$number" "$(<"$targets/$iqn/luns/$number")"; done
  set_authentication "$iqn" "$group"
  set_initiators "$iqn" "$group"
  echo 1 >"$group/enable"
}

# Ends the sessions of a target and takes it away; its folder stays.
stop_target() {
  local group number initiator
  group=$(group_of "$1")
  [[ -d $group ]] || return 0
  echo 0 >"$group/enable"
  for initiator in $(names_in "$group/acls"); do remove_initiator "$group/acls/$initiator"; done
  for number in $(names_in "$targets/$1/luns"); do take_lun "$1" "$number"; done
  rmdir "$group/np/$portal" "$group" "$(dirname "$group")"
}

give_lun() {
  local iqn=$1 number=$2 name=$3 lun
  lun=$(group_of "$iqn")/lun/lun_$number
  [[ -L $lun/$name ]] && return
  take_lun "$iqn" "$number"
  mkdir "$lun"
  ln -s "$configuration/core/iblock_0/$name" "$lun/$name"
}

take_lun() {
  local group entry
  group=$(group_of "$1")
  for entry in "$group"/acls/*/"lun_$2"; do
    [[ -d $entry ]] || continue
    find "$entry" -maxdepth 1 -type l -delete
    rmdir "$entry"
  done
  if [[ -d $group/lun/lun_$2 ]]; then
    find "$group/lun/lun_$2" -maxdepth 1 -type l -delete
    rmdir "$group/lun/lun_$2"
  fi
}

set_authentication() {
  local iqn=$1 group=$2 lines=()
  [[ ! -s $targets/$iqn/authentication ]] || mapfile -t lines <"$targets/$iqn/authentication"
  write_credentials "$group/auth" "${lines[@]}"
  if [[ -n ${lines[0]:-} ]]; then echo 1; else echo 0; fi >"$group/attrib/authentication"
}

# The kernel takes NULL for none, and a line's end as part of a name.
write_credentials() {
  local folder=$1
  printf '%s' "${2:-NULL}" >"$folder/userid"
  printf '%s' "${3:-NULL}" >"$folder/password"
  printf '%s' "${4:-NULL}" >"$folder/userid_mutual"
  printf '%s' "${5:-NULL}" >"$folder/password_mutual"
}

set_initiators() {
  local iqn=$1 group=$2 initiators=() initiator lines=() number
  [[ ! -s $targets/$iqn/initiators ]] || mapfile -t initiators < <(grep . "$targets/$iqn/initiators" || true)
  [[ ! -s $targets/$iqn/authentication ]] || mapfile -t lines <"$targets/$iqn/authentication"
  for initiator in $(names_in "$group/acls"); do
    [[ " ${initiators[*]} " == *" $initiator "* ]] || remove_initiator "$group/acls/$initiator"
  done
  for initiator in "${initiators[@]}"; do
    mkdir -p "$group/acls/$initiator"
    write_credentials "$group/acls/$initiator/auth" "${lines[@]}"
    for number in $(names_in "$targets/$iqn/luns"); do
      [[ -d $group/acls/$initiator/lun_$number ]] && continue
      mkdir "$group/acls/$initiator/lun_$number"
      ln -s "$group/lun/lun_$number" "$group/acls/$initiator/lun_$number/lun"
    done
  done
  # Whoever is not listed gets in only where nobody is.
  if ((${#initiators[@]} == 0)); then echo 1; else echo 0; fi >"$group/attrib/generate_node_acls"
  echo 0 >"$group/attrib/demo_mode_write_protect"
}

remove_initiator() {
  find "$1" -mindepth 2 -maxdepth 2 -type l -path '*/lun_*' -delete
  find "$1" -mindepth 1 -maxdepth 1 -type d -name 'lun_*' -exec rmdir {} +
  rmdir "$1"
}

names_in() { [[ ! -d $1 ]] || find "$1" -mindepth 1 -maxdepth 1 ! -name '*.draft' -printf '%f\n' | sort; }

sessions() {
  local group iqn
  for group in "$configuration"/iscsi/iqn.*/tpgt_1; do
    [[ -d $group ]] || continue
    iqn=$(basename "$(dirname "$group")")
    tr '\0' '\n' <"$group/dynamic_sessions" | sed -n "s|^\(..*\)|$iqn \1|p"
    grep -l InitiatorName: "$group"/acls/*/info 2>/dev/null | sed "s|.*/acls/\(.*\)/info|$iqn \1|" || true
  done
}

restore() {
  local file iqn
  for file in "$files"/*.img; do
    [[ ! -e $file ]] || attach "$(basename "$file" .img)"
  done
  for iqn in $(names_in "$targets"); do start_target "$iqn"; done
}

# The size of a file, and its parts that are not all zeros with their places, so that 10 GiB of nothing take no time: where
# zeros lie on the pool and where nothing does makes no difference. 3 is SEEK_DATA.
content() {
  perl -e '
    open my $file, "<:raw", $ARGV[0] or die;
    my ($at, $end) = (0, -s $file);
    print "$end\n";
    while ($at < $end and defined($at = sysseek $file, $at, 3)) {
      sysseek $file, $at -= $at % 65536, 0;
      sysread $file, my $part, 65536 or die;
      print "$at\n$part" if $part =~ tr/\0//c;
      $at += length $part;
    }' "$1"
}

verb=$1
shift
# One at a time: each is many steps in the kernel's configuration.
exec 9>/run/lab-luns.lock
flock 9
modprobe -a loop target_core_mod target_core_iblock iscsi_target_mod
case $verb in
create | map | unmap | grow | format | delete | authenticate | allow | fail | heal | sessions | restore) "$verb" "$@" ;;
drop-writes) drop_writes "$@" ;;
hash) content "$(file_of "$1")" | sha256sum | cut -d ' ' -f 1 ;;
*)
  echo "luns.sh: expected a verb of the list at its head, got '$verb'" >&2
  exit 2
  ;;
esac
