# shellcheck shell=bash disable=SC2154
# /.lunward/source.hashes on a volume that is being built: what was hashed while the app ran. It goes with the volume, and
# outlives the node. Wants lib/hashes.sh.

# write_manifest FOLDER DRAFT: there as a whole, on the disk, or not at all. Names of files are nobody's business but root's.
write_manifest() {
  local folder=$1/.lunward
  (
    umask 077
    cat "$2" >"$folder/source.hashes.draft"
  ) || report declined "the volume has no room for a list of its hashes: take a larger LUN"
  sync "$folder/source.hashes.draft"
  mv --force "$folder/source.hashes.draft" "$folder/source.hashes"
  sync "$folder"
}

remove_manifest() {
  rm --force "$1/.lunward/source.hashes" "$1/.lunward/source.hashes.draft"
  sync "$1/.lunward"
}
