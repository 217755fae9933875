#!/usr/bin/env bash
# Inspects what a volume holds, and whether all of it can be read and copied. It mounts the volume read-only. It reads
# no files except databases (their headers, or all of them) and the texts that it was asked for.
#
# Facts: see lib/scripts/copy/probe-source.ts.

# nfs or iscsi
: "${source_kind:?}"
# shellcheck source=lib/scripts/bash/source-nfs.sh
source "bash/source-$source_kind.sh"
# shellcheck source=lib/scripts/bash/tree.sh
source bash/tree.sh
# shellcheck source=lib/scripts/bash/databases.sh
source bash/databases.sh
# shellcheck source=lib/scripts/bash/texts.sh
source bash/texts.sh

# yes: also checks the whole content of each database
: "${checks:?}"
# Time limit for listing the files
: "${seconds:?}"

# Prints the size of the source's file system, and what is free.
room() {
  local unit blocks free inodes inodes_free
  read -r unit blocks free inodes inodes_free < <(timeout --kill-after=5 60 stat --file-system --format '%S %b %a %c %d' "$source") ||
    report declined "the free space of $source_name can't be read"
  json_object bytes "$((unit * blocks))" freeBytes "$((unit * free))" inodes "$inodes" freeInodes "$inodes_free"
}

# Measures how fast the first 32 MiB of the largest file are read; nothing of it is cached yet. It reads nothing unless
# the databases are read too.
sample() {
  local largest='' start end bytes=0
  IFS= read -r -d '' largest < <(sort --zero-terminated --numeric-sort --reverse "$lists/large") || true
  start=$(date +%s%3N)
  [[ -z $largest || $checks != yes ]] || bytes=$(head --bytes=32M "$source/${largest#* }" 2>/dev/null | wc --bytes)
  end=$(date +%s%3N)
  json_object bytes "$bytes" milliseconds "$((end - start))"
}

private_folder
mount_source
read_abilities

lists=$private/lists
mkdir "$lists"
[[ -r $source && -x $source ]] || report declined "root on this node can't read $source_name: \
the server maps root to nobody (root_squash). Export it with no_root_squash, or make the folder's files readable for everyone"
scan_tree "$source" "$lists" "$seconds"
list_left_behind "$source" "$lists"
not_utf8 "$lists/odd" >"$lists/notUtf8"

bytes=$(sum_of "$lists/bytes") blocks=$(sum_of "$lists/blocks")
count_links "$lists/linked"
declare -A count
count_types "$lists"
read -r uid gid mode < <(stat --format '%u %g %a' "$source")

fact version "$version"
fact_json xattrs "$xattrs"
fact_json posixAcls "$posixAcls"
fact_json nfs4Acls "$nfs4Acls"
fact_json bytes "$bytes"
fact_json allocatedBytes "$((blocks * 512))"
fact_json entries "$entries"
fact_json files "${count[f]}"
fact_json directories "${count[d]}"
fact_json symlinks "${count[l]}"
fact_json sockets "${count[s]}"
fact_json fifos "${count[p]}"
fact_json devices "$((count[b] + count[c]))"
fact_json linkSets "$links"
fact_json linkSetsLeavingTree "$outside"
fact_json sparseFiles "$(sparse_of "$lists")"
fact_json unreadable "$(names_of "$lists/unreadable")"
fact_json removedWhileOpen "$(names_of "$lists/removed")"
fact_json owners "$(owners_of "$lists")"
fact_json flagged "$(names_of "$lists/flagged")"
fact_json attributes "$(names_of "$lists/attributes")"
fact_json attributesCounted "$counted"
fact_json notUtf8 "$(names_of "$lists/notUtf8")"
fact_json sample "$(sample)"
fact_json databases "$(databases_of "$source" "$lists")"
fact_json texts "$(texts_of)"
fact_json room "$(room)"
fact_json top "$(json_object uid "$uid" gid "$gid" mode "$(json_string "$mode")")"
report unchanged
