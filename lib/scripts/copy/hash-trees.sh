#!/usr/bin/env bash
# Hashes a volume and its copy while the app goes on writing. Once the app is stopped, only what has changed since must
# be read again. Each side is read once. Files that are wrong in the copy are copied again.
#
# Facts: see lib/scripts/copy/hash-trees.ts.

# nfs or iscsi
: "${target_kind:?}"
# shellcheck source=lib/scripts/bash/target-iscsi.sh
source "bash/target-$target_kind.sh"
# nfs or iscsi
: "${source_kind:?}"
# shellcheck source=lib/scripts/bash/source-nfs.sh
source "bash/source-$source_kind.sh"
# shellcheck source=lib/scripts/bash/tree.sh
source bash/tree.sh
# shellcheck source=lib/scripts/bash/children.sh
source bash/children.sh
# shellcheck source=lib/scripts/bash/progress.sh
source bash/progress.sh
# shellcheck source=lib/scripts/bash/rsync.sh
source bash/rsync.sh
# shellcheck source=lib/scripts/bash/hashes.sh
source bash/hashes.sh
# shellcheck source=lib/scripts/bash/manifest.sh
source bash/manifest.sh
# shellcheck source=lib/scripts/bash/databases.sh
source bash/databases.sh
# shellcheck source=lib/scripts/bash/shrunk.sh
source bash/shrunk.sh
# shellcheck source=lib/scripts/bash/copy-again.sh
source bash/copy-again.sh
# shellcheck source=lib/scripts/bash/read-so-far.sh
source bash/read-so-far.sh

# ext4, xfs or nfs
: "${type:?}"
: "${uuid:?}"
: "${attempt:?}"
# Name of the PersistentVolume
: "${volume:?}"
: "${processes:?}"

private_folder
mount_source
open_target
require_building "$type" "$uuid" "$attempt" "$volume"
undo_later unmount_target
mount_target_afresh "$type" ro
undo_later end_children

lists=$private/lists
mkdir "$lists"
list_files "$target" "$lists/target" 0
list_files "$source" "$lists/source" "$(date +%s.%N)"
require_not_shrunk "$lists/source" "$lists/target"
clock=$(last_change "$lists/source")
settle_source

target_before=$(bytes_from_target)
total=$(($(sum_to_hash "$lists/source" 3) + $(sum_to_hash "$lists/target" 7) * 512))
tell_progress hash "$total" hashed_so_far &
teller=$!

start=$SECONDS
hash_files "$source" "$lists/source" "$processes"
find_alike "$private/alike"
source_seconds=$((SECONDS - start)) source_bytes=$(bytes_from_source)
# A new mount, so that every attribute comes from the server.
mount_source later
list_files "$source" "$lists/later" "$(settled_before "$clock" "$(settling_seconds)")"
trusted=$lists/trusted
trust_hashes "$lists/source" "$lists/later" "$trusted"
if [[ -s $trusted.unread ]]; then
  # A file that has vanished is no longer listed.
  said=$(grep --text --invert-match ': No such file or directory$' "$lists/source.complaints" || true)
  report declined "$(number_of_names "$trusted.unread") files of the source can't be read: $(named "$trusted.unread") (${said%%$'\n'*})"
fi

start=$SECONDS
hash_files "$target" "$lists/target" "$processes"
target_seconds=$((SECONDS - start)) target_bytes=$(bytes_from_target)
compare_files "$trusted" "$lists/target"
decode <"$trusted.differing" >"$lists/differing"
encode <"$private/alike" | sorted | joined -v 1 - "$trusted.differing" >"$lists/alike"
if [[ -s $lists/differing ]]; then
  copy_again "$type" "$trusted.differing" "$lists/target" "$processes"
  compare_files "$trusted" "$lists/target"
  [[ ! -s $trusted.differing ]] ||
    report declined "$(number_of_names "$trusted.differing") files on the volume have other bytes than the source, even after a second \
copy: $(named <(decode <"$trusted.differing")). Do not trust the disk or the network"
  find_alike "$private/alike" --from0 --files-from="$private/again"
  encode <"$private/alike" | sorted - "$lists/alike" >"$lists/alike.all"
  mv "$lists/alike.all" "$lists/alike"
fi

header="version=2 attempt=$attempt volume=$volume uuid=$uuid boot=$(</proc/sys/kernel/random/boot_id) clock=$clock"
same=$(number_of_names "$trusted.same")
only_alike "$trusted" "$lists/alike"
manifest_of "$trusted" "$header" >"$lists/manifest"
mount_target_afresh "$type" rw
write_manifest "$target" "$lists/manifest"

trusted_files=$(number_of_names "$trusted") missing=$(number_of_names "$trusted.missing")
read -r manifest _ < <(sha256sum "$lists/manifest")
fact_json trusted "$trusted_files"
fact_json untrusted "$(($(number_of_names "$lists/later") - trusted_files))"
fact_json same "$same"
fact_json missing "$missing"
fact_json outdated "$((trusted_files - same - missing))"
fact_json differing "$(names_of "$lists/differing")"
fact_json bytesRead "$(json_object source "$source_bytes" target "$target_bytes")"
fact_json seconds "$(json_object source "$source_seconds" target "$target_seconds")"
fact clock "$clock"
fact manifest "$manifest"
report changed
