# shellcheck shell=bash disable=SC2016,SC2154
# Hashes of files of a file system that is in use, as its disk has them. Wants bash/hashes.sh.

# For each of its arguments, as sha256sum prints it. O_DIRECT reads past the memory of the node, which may hold what was read or
# written long ago: the pages of a file can be thrown out of it too, but not those that a program has mapped.
readonly HASH_EACH='exec >>"$0/$$.hashed"
set -o pipefail
for file; do
  hash=$(dd if="$file" bs=4M iflag=direct status=none | sha256sum) || continue
  printf "%s  %s\0" "${hash%% *}" "$file"
done'

# hash_from_disk FOLDER LIST PROCESSES: makes LIST.hashes, PATH HASH of each file of LIST that could be read, and LIST.complaints
# of the others. It takes some processes for each file, where hash_files takes some for all.
hash_from_disk() {
  local folder=$1 list=$2 processes=$3
  mkdir "$list.parts"
  fields 1 "$list" | decode | sed --null-data 's,^,./,' >"$list.names"
  (
    cd "$folder" || exit
    # Each process has a file of its own, for a long line is written in pieces.
    xargs --null --no-run-if-empty --max-args=100 --max-procs="$processes" \
      "$BASH" -c "$HASH_EACH" "$list.parts" <"$list.names"
  ) 2>"$list.complaints" &
  wait_for_jobs
  cat /dev/null "$list.parts"/*.hashed | encode | sed --null-data "s,^\(.\{64\}\)  \./\(.*\),\2$between\1," | sorted >"$list.hashes"
  rm --recursive "$list.parts" "$list.names"
}
