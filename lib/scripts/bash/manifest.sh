# shellcheck shell=bash disable=SC2154
# Lists in /.lunward of a volume, which go with it and outlive the node: source.hashes, of what was hashed while the app ran, as
# long as it is being built; manifest, of what it held when it was sealed, and facts, of how that came about.

# shellcheck source=lib/scripts/bash/draft.sh
source bash/draft.sh

# write_manifest FOLDER TEXT [NAME]: TEXT is a file. Names of files are nobody's business but root's.
write_manifest() {
  local manifest=$1/.lunward/${3:-source.hashes}
  (
    umask 077
    cat "$2" >"$manifest.draft"
  ) || report declined "the volume has no room for a list of its hashes: take a larger LUN"
  finish_draft "$manifest"
}

remove_manifest() {
  rm --force "$1/.lunward/source.hashes" "$1/.lunward/source.hashes.draft"
  sync "$1/.lunward"
}

digest_of() { sha256sum <"$1" | head --bytes=64; }
