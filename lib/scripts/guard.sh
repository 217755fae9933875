#!/bin/sh
# Keeps an app from every volume but the one that its data was moved to. It runs in the app's own image, of which nothing is
# known but that it has a shell.
#
# guard FOLDER ATTEMPT VOLUME UUID: the root of the volume, and what its marker must say
set -eu

refuse() {
  echo "lunward keeps the app from this volume: $1. Expected is attempt $attempt of PersistentVolume $volume, file system $uuid, sealed. \
Nothing was written to it; see \"lunward verify\"" >&2
  exit 1
}

marker=$1/.lunward/marker attempt=$2 volume=$3 uuid=$4

[ -f "$marker" ] || refuse "it has no marker of lunward, so it is empty or another one"
[ -r "$marker" ] || refuse "its marker can't be read"

said_state='' said_attempt='' said_volume='' said_uuid=''
while IFS='=' read -r name value; do
  case $name in
  state) said_state=$value ;;
  attempt) said_attempt=$value ;;
  volume) said_volume=$value ;;
  uuid) said_uuid=$value ;;
  esac
done <"$marker"

[ "$said_state $said_attempt $said_volume $said_uuid" = "sealed $attempt $volume $uuid" ] ||
  refuse "its marker says state \"$said_state\", attempt \"$said_attempt\", volume \"$said_volume\", uuid \"$said_uuid\""
