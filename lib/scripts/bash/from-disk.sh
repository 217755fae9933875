# shellcheck shell=bash disable=SC2016,SC2154
# Hashes files of a file system in use, as they are on its disk. Requires bash/hashes.sh.

# Prints a line for each argument, in the format of sha256sum. O_DIRECT reads past the node's page cache, which may hold
# bytes that were read or written long ago. Dropping a file's pages from the cache is not enough: pages that a program
# has mapped stay.
readonly HASH_EACH='exec >>"$0/$$.hashed"
set -o pipefail
for file; do
  hash=$(dd if="$file" bs=4M iflag=direct status=none | sha256sum) || continue
  printf "%s  %s\0" "${hash%% *}" "$file"
done'

# hash_from_disk FOLDER LIST PROCESSES: makes LIST.hashes, with PATH HASH of each file of LIST that could be read, and
# LIST.complaints about the others. It starts some processes for each file; hash_files starts some for all files.
hash_from_disk() {
  local folder=$1 list=$2 processes=$3
  mkdir "$list.parts"
  fields 1 "$list" | decode | sed --null-data 's,^,./,' >"$list.names"
  (
    cd "$folder" || exit
    # Each process has an output file of its own, because a long line is written in pieces.
    xargs --null --no-run-if-empty --max-args=100 --max-procs="$processes" \
      "$BASH" -c "$HASH_EACH" "$list.parts" <"$list.names"
  ) 2>"$list.complaints" &
  wait_for_jobs
  cat /dev/null "$list.parts"/*.hashed | encode | sed --null-data "s,^\(.\{64\}\)  \./\(.*\),\2$between\1," | sorted >"$list.hashes"
  rm --recursive "$list.parts" "$list.names"
}
