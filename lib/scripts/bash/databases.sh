# shellcheck shell=bash
# Finds SQLite databases in a folder and checks them. Requires bash/tree.sh, which lists the folder.

# databases_of FOLDER LISTS: prints the SQLite databases as JSON, each with the files beside it.
databases_of() {
  local size name found=()
  while IFS= read -r -d '' -u 3 size && IFS= read -r -d '' -u 3 name; do
    describe_database "$1" "$name" "$size"
    found+=("$(json_object "${database[@]}" check "$(check_of "$1/$name")")")
  done 3< <(find_databases "$1" <"$2/filled")
  json_array "${found[@]}"
}

# find_databases FOLDER: reads SIZE and PATH of files, both ended by NUL, and prints those that are databases. A
# database consists of whole pages, so only files of such a size are opened, and those with a database's file extension,
# which may have been cut off.
find_databases() {
  local fields=() index size name
  while mapfile -d '' -t -n 8000 fields && ((${#fields[@]} > 0)); do
    for ((index = 0; index < ${#fields[@]}; index += 2)); do
      size=${fields[index]} name=${fields[index + 1]}
      ((size % 512 == 0)) || [[ ${name,,} == *.@(db|db3|sqlite|sqlite3) ]] || continue
      ! is_database "$1/$name" || printf '%s\0%s\0' "$size" "$name"
    done
  done
}

is_database() {
  local head=''
  # Reads up to the NUL that follows: without this limit, bash would search all of a file of zeros for it.
  { IFS= read -r -d '' -n 16 head <"$1"; } 2>/dev/null || return 1
  [[ $head == 'SQLite format 3' ]]
}

# describe_database FOLDER PATH SIZE: sets `database` to what is known without a check.
# shellcheck disable=SC2034
describe_database() {
  local ending beside=() modes wal=false
  # The file format's write version and read version
  modes=$(od --address-radix=n --skip-bytes=18 --read-bytes=2 --format=u1 "$1/$2" 2>/dev/null) || true
  [[ $modes != *2*2* ]] || wal=true
  for ending in wal shm journal; do
    [[ ! -e $1/$2-$ending ]] || beside+=("$(json_string "$ending")")
  done
  database=(path "$(json_string "$2")" bytes "$3" wal "$wal" beside "$(json_array "${beside[@]}")")
}

# check_of DATABASE: prints the health of a database as JSON, if `checks` is yes. Requires private_folder. It opens a
# copy, never the database itself, because a check changes a database. An app may write while the copy is made, so a
# complaint counts only after three copies.
# shellcheck disable=SC2154
check_of() {
  local scratch bytes said try outcome=unchecked text
  [[ $checks == yes ]] || {
    check unchecked 'nobody asked for it'
    return
  }
  scratch=$private/scratch
  if ! bytes=$(scratch_for "$1") || ! said=$(make_scratch "$scratch" "$bytes"); then
    check unchecked "${said:-$bytes}"
    return
  fi
  for try in 1 2 3; do
    ((try == 1)) || sleep 1
    outcome=unchecked text=''
    check_copy "$1" "$scratch/database"
    rm --force "$scratch"/database*
    [[ $outcome != whole ]] || break
  done
  umount "$scratch"
  check "$outcome" "$text"
}

check() { json_object outcome "$(json_string "$1")" text "$(json_string "$2")"; }

# check_copy DATABASE COPY: sets outcome (whole, complaint, unchecked) and text (the first complaint, or why nothing was
# checked).
# shellcheck disable=SC2034
check_copy() {
  local before said code=0
  before=$(witness "$1")
  if ! said=$(copy_set "$1" "$2" 2>&1); then
    text="it can't be copied for the check: ${said##*$'\n'}"
  elif [[ $(witness "$1") != "$before" ]]; then
    text='it was written to while it was copied, three times'
  else
    # Ignores the settings file of the user who runs it.
    said=$(sqlite3 -batch -init /dev/null "$2" 'PRAGMA integrity_check(1);' 2>&1) || code=$?
    outcome=complaint text=${said##*$'\n'}
    [[ $code$said != 0ok ]] || outcome=whole text=''
  fi
}

# Prints text that changes when a copy begun earlier is no longer whole. In WAL mode a checkpoint may write to the
# database at any time. That does no harm while the log still holds all of those pages: until the log starts over, with
# other salts in its header (https://sqlite.org/fileformat2.html#the_write_ahead_log). Without WAL any change counts.
# Over NFS, opening a file makes the client ask the server for its current attributes.
witness() {
  local log
  log=$(od --address-radix=n --read-bytes=32 --format=x1 "$1-wal" 2>/dev/null) || true
  if [[ -n $log ]]; then
    stat --format %i "$1"
    echo "$log"
  else
    head --bytes=1 "$1" >/dev/null
    stat --format '%i %s %.9Y %.9Z' "$1"
    stat --format '%i %s' "$1-journal" 2>/dev/null || true
  fi
}

# Copies the log after the database that it belongs to.
copy_set() {
  local ending
  cp "$1" "$2" || return
  for ending in wal journal; do
    [[ ! -e $1-$ending ]] || cp "$1-$ending" "$2-$ending" || return
  done
}

# scratch_for DATABASE: prints the bytes that a copy takes, with what SQLite adds from the log when it opens the copy.
# Fails, and prints why, if the node lacks that space: with less than 15 % free the kubelet removes images and then pods
# (imagefs.available in https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/).
scratch_for() {
  local size wanted=$((64 << 20)) unit blocks free
  while read -r size; do
    ((wanted += size + size / 10))
  done < <(stat --format %s "$1" "$1-wal" "$1-wal" "$1-journal" 2>/dev/null)
  read -r unit blocks free < <(stat --file-system --format '%S %b %a' /var/tmp)
  ((free * unit - wanted >= blocks * unit * 15 / 100)) || {
    echo "a copy of it takes $((wanted >> 20)) MiB, and /var/tmp of the node has $((free * unit >> 20)) MiB free: with less \
than 15 % of it left the node would begin to remove images and pods"
    return 1
  }
  echo "$wanted"
}

# make_scratch FOLDER BYTES: mounts an empty file system on FOLDER, in a file on the node's own disk. Fails, and prints
# why, if it can't. The file has no name, so nothing is left of it, whatever ends this script.
make_scratch() {
  local said
  said=$(mount_nameless "$@" 2>&1) || {
    echo "no place for a copy of it could be made on the node: ${said##*$'\n'}"
    return 1
  }
}

mount_nameless() {
  local file descriptor
  file=$(mktemp /var/tmp/lunward.XXXXXXXXXX) && exec {descriptor}<>"$file" && rm "$file" || return
  file=/proc/$BASHPID/fd/$descriptor
  mkdir --parents "$1" && truncate --size "$2" "$file" && mkfs.ext4 -q -F -m 0 -O ^has_journal "$file" &&
    mount --options loop,nosuid,nodev,noexec "$file" "$1"
}
