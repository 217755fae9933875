# shellcheck shell=bash
# The file system that an attempt makes, in memory: byte for byte what its LUN will hold, or what a killed run has left
# there. Requires bash/target-iscsi.sh.

# ext4 or xfs
: "${type:?}"
: "${uuid:?}"
# The label of the file system, for people
: "${label:?}"

# make_image: sets `image` to a file with holes where the LUN stays zero.
# shellcheck disable=SC2154
make_image() {
  local folder said
  folder=$(target_note "$iqn" image)
  mkdir --parents "$folder"
  undo_later rmdir "$folder"
  # On a tmpfs, so that nothing stays on the node's disk after this script.
  mount --types tmpfs --options size=50%,mode=700 tmpfs "$folder"
  undo_later umount "$folder"
  image=$folder/image
  truncate --size "$bytes" "$image"
  said=$(make_file_system "$image" 2>&1) || report declined "$type can't be created on $bytes bytes: ${said##*$'\n'}"
}

# Makes the same bytes for the same UUID at any time.
make_file_system() {
  case $type in
  ext4)
    E2FSPROGS_FAKE_TIME=1000000000 mkfs.ext4 -q -F -m 0 -L "$label" -U "$uuid" \
      -E "hash_seed=$uuid,lazy_itable_init=0,lazy_journal_init=0" "$1"
    ;;
  xfs) SOURCE_DATE_EPOCH=1000000000 DETERMINISTIC_SEED=1 mkfs.xfs -q -L "$label" -m "uuid=$uuid" "$1" ;;
  *) report declined "Lunward does not create $type, expected ext4 or xfs" ;;
  esac
}
