# shellcheck shell=bash disable=SC2154
# Lists in /.lunward on a volume; they move with it and outlive the node. source.hashes: hashes made while the app ran,
# kept while the volume is being built. manifest: what the volume held when it was sealed. facts: how the sealing went.

# shellcheck source=lib/scripts/bash/draft.sh
source bash/draft.sh

# write_manifest FOLDER TEXT [NAME]: TEXT is a file. Only root may read the names of files.
write_manifest() {
  local manifest=$1/.lunward/${3:-source.hashes}
  (
    umask 077
    cat "$2" >"$manifest.draft"
  ) || report declined "the volume has no room for the hashes of its files: use a larger volume" full
  finish_draft "$manifest"
}

remove_manifest() {
  rm --force "$1/.lunward/source.hashes" "$1/.lunward/source.hashes.draft"
  sync "$1/.lunward"
}

digest_of() { sha256sum <"$1" | head --bytes=64; }
