# shellcheck shell=bash disable=SC2154,SC2034
# Checks databases that no process is writing to. Requires private_folder and bash/databases.sh.

# What SQLite says when the program lacks something and the database is not at fault: an extended regular expression
: "${foreign:?}"

# The most tables of a database whose rows are counted.
most_tables=200

# check_databases FOLDER FOUND: checks the databases that find_databases found. Sets `databases` (a list as JSON) and
# `damaged` (each damaged database with what SQLite says). Checks run on a copy: a check changes a database, and FOLDER
# is read-only.
check_databases() {
  local size name outcome text tables found=() scratch=$private/scratch trouble
  damaged=()
  trouble=$(make_largest_scratch "$1" "$2" "$scratch") || true
  while IFS= read -r -d '' -u 3 size && IFS= read -r -d '' -u 3 name; do
    describe_database "$1" "$name" "$size"
    check_at_rest "$1/$name"
    found+=("$(json_object "${database[@]}" check "$(check "$outcome" "$text")" tables "$tables")")
    [[ $outcome != complaint ]] || is_foreign "$text" || damaged+=("$(json_string "$name") (SQLite says: $text)")
  done 3<"$2"
  databases=$(json_array "${found[@]}")
  ! mountpoint --quiet "$scratch" || umount "$scratch"
}

# make_largest_scratch FOLDER FOUND SCRATCH: makes one scratch file system that the largest database fits into; the
# databases use it in turn.
make_largest_scratch() {
  local name wanted bytes=0
  while IFS= read -r -d '' _ && IFS= read -r -d '' name; do
    wanted=$(scratch_for "$1/$name") || continue
    ((wanted <= bytes)) || bytes=$wanted
  done <"$2"
  ((bytes == 0)) || make_scratch "$3" "$bytes"
}

is_foreign() { grep --quiet --ignore-case --extended-regexp --regexp="$foreign" <<<"$1"; }

# Sets outcome (whole, complaint, unchecked), text (the first complaint, or why nothing was checked) and tables.
check_at_rest() {
  outcome=unchecked tables='[]'
  command -v sqlite3 >/dev/null || {
    text='the node has no sqlite3'
    return
  }
  text=$(scratch_for "$1") || return 0
  text=$trouble
  mountpoint --quiet "$scratch" || return 0
  if text=$(copy_set "$1" "$scratch/database" 2>&1); then
    ask_sqlite "$scratch/database"
    [[ $outcome != whole ]] || tables=$(tables_of "$scratch/database")
  else
    text="it can't be copied for the check: ${text##*$'\n'}"
  fi
  rm --force "$scratch"/database*
}

# Ignores the settings file of the user who runs it.
sqlite() { sqlite3 -batch -init /dev/null "$@"; }

ask_sqlite() {
  local said code=0
  # One call does both: the last process that closes a database writes the log into it.
  said=$(sqlite "$1" 'PRAGMA integrity_check; PRAGMA wal_checkpoint(TRUNCATE);' 2>"$private/complaints") || code=$?
  outcome=complaint
  case $code$said in
  $'0ok\n0|'*) outcome=whole text='' ;;
  $'0ok\n'*) text='its log can not be written into it' ;;
  *)
    # One complaint about the database outweighs any number of others.
    text=$(grep --invert-match --ignore-case --extended-regexp --regexp="^ok\$|$foreign" <<<"$said" | head --lines=1) || true
    [[ -n $text ]] || text=$(tr '\n' ' ' <"$private/complaints")
    [[ -n $text ]] || text="it ended with $code: ${said//$'\n'/ }"
    ;;
  esac
}

# Prints the tables with their row counts, without virtual tables: those need a program that knows them.
tables_of() {
  local rows digits name found=()
  while IFS='|' read -r rows digits; do
    name=''
    while [[ -n $digits ]]; do
      printf -v name '%s%b' "$name" "\\x${digits:0:2}"
      digits=${digits:2}
    done
    found+=("$(json_object name "$(json_string "$name")" rows "$rows")")
  done < <(
    sqlite "$1" "SELECT 'SELECT count(*), hex(' || quote(name) || ') FROM \"' || replace(name, '\"', '\"\"') || '\";'
      FROM sqlite_master WHERE type = 'table' AND rootpage > 0 AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
      ORDER BY name LIMIT $most_tables;" 2>/dev/null | sqlite "$1" 2>/dev/null
  )
  json_array "${found[@]}"
}
