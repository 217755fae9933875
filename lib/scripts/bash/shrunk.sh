# shellcheck shell=bash disable=SC2154
# Notices a source that has lost most of its files. A NAS whose pool is not mounted exports the empty folder that the
# pool belongs on, and a copy of that would delete the app's data from the target. Requires bash/tree.sh,
# bash/hashes.sh, bash/databases.sh and the folder `lists`.

# With fewer files than this on the target, only a source that has none of them counts as shrunk.
few_files=20

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
  if ((copied > 0 && left == 0)) || ((copied >= few_files && left * 2 < copied)); then
    report declined "$gone. $shrunk_remedy" source-shrunk
  fi
  if [[ -n $(databases_among "$lists/gone" "$2" "$target") && -z $(databases_among "$1.lasting" "$1" "$source") ]]; then
    report declined "$gone. No database is left. $shrunk_remedy" source-shrunk
  fi
}

# databases_among NAMES LIST FOLDER: prints the databases of FOLDER among these names.
databases_among() { sizes_of "$1" "$2" | find_databases "$3" | tr '\0' '\n'; }

shrunk_remedy="Nothing was deleted from the copy. Check that the file system of the source is mounted on the NAS: an unmounted pool \
exports its empty mount point. If these files were deleted on purpose, give up this copy with \"lunward abort\", make a LUN blank again with \"lunward wipe\", and start a \
new copy with \"lunward prepare\": the app runs meanwhile"
