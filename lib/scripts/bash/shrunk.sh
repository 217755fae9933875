# shellcheck shell=bash disable=SC2154
# Notices a source that has lost most of its files. A NAS whose pool is not mounted exports the empty folder that the
# pool belongs on, and a copy of that would delete the app's data from the target. Requires bash/tree.sh,
# bash/hashes.sh, bash/databases.sh and the folder `lists`.

# With fewer files than this on the target, a source that has lost more than half of them counts as shrunk only if it has
# lost most of its bytes too: a young app replaces its few files.
few_files=20
few_bytes=$((64 * 1024))

# Databases of fewer bytes than this on the target may shrink: those of an app that was never used are of this size.
few_database_bytes=$((256 * 1024))
# What is left of a database that was created anew is smaller than the copied one by more than this factor. One that the
# app has cleaned up seldom is.
shrunk_by=4

# require_not_shrunk SOURCE COPY: lists of the files of both sides (see bash/hashes.sh). What was copied before tells what
# the source held then. It ends the script before anything is deleted.
require_not_shrunk() {
  local side copied left gone
  for side in "$1" "$2"; do fields 1 "$side" | sed --null-data '/-\(wal\|shm\|journal\)$/d' >"$side.lasting"; done
  comm --zero-terminated -12 "$1.lasting" "$2.lasting" >"$lists/left"
  comm --zero-terminated -13 "$1.lasting" "$2.lasting" >"$lists/gone"
  copied=$(number_of_names "$2.lasting") left=$(number_of_names "$lists/left")
  gone="$((copied - left)) of $copied files that were copied from $source_name before are missing there now: \
$(named <(decode <"$lists/gone"))"
  if ((copied > 0 && left == 0)); then report declined "$gone. $shrunk_remedy" source-shrunk; fi
  if ((left * 2 < copied)) && { ((copied >= few_files)) || has_lost_bytes "$1" "$2"; }; then
    report declined "$gone. $shrunk_remedy" source-shrunk
  fi
  if [[ -n $(databases_among "$lists/gone" "$2" "$target") && -z $(databases_among "$1.lasting" "$1" "$source") ]]; then
    report declined "$gone. No database is left. $shrunk_remedy" source-shrunk
  fi
  require_databases "$1" "$2"
}

# has_lost_bytes SOURCE COPY: the source has less than half of the bytes that were copied.
has_lost_bytes() {
  local copied now
  copied=$(lasting_bytes "$2") now=$(lasting_bytes "$1")
  ((copied >= few_bytes && now * 2 < copied))
}

lasting_bytes() {
  joined -o 1.1,1.2,1.3,1.4,1.5,1.6 "$1" "$1.lasting" >"$1.counted"
  sum_to_hash "$1.counted" 3
}

# require_databases SOURCE COPY: an app that started on an empty folder has created its databases anew under their names.
# All of them count together: an app may empty one that holds its log.
require_databases() {
  local copied now
  copied=$(database_bytes "$2" "$target")
  ((copied >= few_database_bytes)) || return 0
  now=$(database_bytes "$1" "$source")
  ((now * shrunk_by >= copied)) ||
    report declined "the databases of $source_name have $now bytes, and had $copied when they were copied: the app may have created \
them anew on an empty folder. $shrunk_remedy" source-shrunk
}

# database_bytes LIST FOLDER: prints the sum of the sizes of the databases among the files of a list.
database_bytes() {
  local size _ total=0
  while IFS= read -r -d '' size && IFS= read -r -d '' _; do total=$((total + size)); done < <(
    sizes_of "$1.lasting" "$1" | find_databases "$2"
  )
  echo "$total"
}

# databases_among NAMES LIST FOLDER: prints the databases of FOLDER among these names.
databases_among() { sizes_of "$1" "$2" | find_databases "$3" | tr '\0' '\n'; }

shrunk_remedy="Nothing was deleted from the copy. Check that the file system of the source is mounted on the NAS: an unmounted pool \
exports its empty mount point. If the source is meant to be that small, because files were deleted or databases cleaned up, give up this copy with \"lunward abort\", make a LUN blank again with \"lunward wipe\", and start a \
new copy with \"lunward prepare\": the app runs meanwhile"
