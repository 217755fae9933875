#!/usr/bin/env bash
# Fills a folder with everything that a copy may stumble over: awful-tree.sh FOLDER [MEGABYTES [FILES]]
set -euo pipefail
export LC_ALL=C

cd "$1"

names() {
  local name
  for name in "it's" '"quoted"' 'two  words ' $'line\nbreak' $'tab\t' '-rf' '--delete' '#comment' ';semicolon' '*' '?[a]' \
    'back\slash' "\$HOME" "\`id\`" $'caf\xe9' 'grün ✓' '.hidden' '~' '{a,b}' 'a:b' '%s' "$(printf 'n%.0s' {1..200})"; do
    printf '%s' "$name" >"./$name"
    mkdir -p "./folders/$name"
    printf 'x' >"./folders/$name/file"
  done
  : >empty-file
  mkdir -p empty-folder/empty .config/deep
  printf 'x' >.config/deep/file
  printf 'kept\n' >.nfsrc
  printf 'kept\n' >.nfs0123456789ABCDEF01234567
  mkdir -p deeper/lost+found deeper/.lunward .nfs000000000000000000000001
  printf 'kept\n' >deeper/lost+found/file
  printf 'kept\n' >deeper/.lunward/file
  # As the root of a disk has it.
  mkdir -m 700 lost+found
  printf 'not ours\n' >lost+found/file
}

kinds() {
  ln -s /etc/hostname away
  ln -s ../../elsewhere 'out of it'
  ln -s missing dangling
  ln -s folders to-folders
  mkfifo fifo
  perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => "socket", Listen => 1) or die'
  printf 'linked' >linked
  ln linked 'linked again'
  mkdir -p other
  ln linked other/linked
  ln -s -- -rf link
}

contents() {
  dd if=/dev/zero of=sparse bs=1 count=0 seek=64M status=none
  printf 'middle' | dd of=sparse bs=1 seek=33554432 conv=notrunc status=none
  dd if=/dev/urandom of=large bs=1M count="$1" status=none
  mkdir many
  seq 1 "$2" | split --lines 1 --suffix-length 4 --numeric-suffixes - many/file-
}

owners() {
  printf 'x' >owned
  chown 4711:815 owned
  chown --no-dereference 4711:815 away
  printf 'x' >set-id
  chmod 6750 set-id
  printf 'x' >secret
  chmod 600 secret
  mkdir -m 1777 sticky
  mkdir -m 2770 group
  chown 1000:4711 group
  printf 'x' >attributes
  setfattr -n user.origin -v 'a "value"' attributes
  setfattr -n user.binary -v 0x00ff0a many
  printf 'x' >listed
  setfacl -m u:4711:rwx,g:815:r listed
  setfacl -d -m u:4711:rwx sticky
}

times() {
  touch -d '2001-02-03 04:05:06.123456789' empty-file
  touch -d '1969-12-31 23:59:58.5' owned
  touch -d '2030-01-01 00:00:00.000000001' secret
  touch --no-dereference -d '2002-02-02 02:02:02.222222222' dangling
  touch -d '2003-03-03 03:03:03.333333333' empty-folder/empty
}

names
kinds
contents "${2:-200}" "${3:-2000}"
owners
times
