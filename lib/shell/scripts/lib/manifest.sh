# shellcheck shell=bash disable=SC2154
# /.lunward/source.hashes on a volume that is being built: what was hashed while the app ran. It goes with the volume, and
# outlives the node. Wants lib/hashes.sh.

# shellcheck source=lib/shell/scripts/lib/draft.sh
source lib/draft.sh

# write_manifest FOLDER TEXT: TEXT is a file. Names of files are nobody's business but root's.
write_manifest() {
  local folder=$1/.lunward
  (
    umask 077
    cat "$2" >"$folder/source.hashes.draft"
  ) || report declined "the volume has no room for a list of its hashes: take a larger LUN"
  finish_draft "$folder/source.hashes"
}

remove_manifest() {
  rm --force "$1/.lunward/source.hashes" "$1/.lunward/source.hashes.draft"
  sync "$1/.lunward"
}
