# shellcheck shell=bash disable=SC2154
# Logs in to a target with a record that only this script sees. Requires bash/sessions.sh.

# The folders whose records belong to this script.
declare -A own_records=()

# Keeps records of targets, with the passwords in them, in memory: only this script sees them, and they end with it.
# Some systems log in to every record at boot.
use_own_records() {
  local folder
  for folder in /etc/iscsi /var/lib/iscsi; do
    [[ -d $folder && -z ${own_records[$folder]:-} ]] || continue
    if [[ ! -d $folder/nodes ]]; then
      mkdir "$folder/nodes"
      undo_later rmdir "$folder/nodes"
    fi
    mount --types tmpfs --options mode=700 lunward-records "$folder/nodes"
    undo_later umount "$folder/nodes"
    own_records[$folder]=yes
    undo_later unset "own_records[$folder]"
  done
}

# log_in IQN [USER PASSWORD [TARGET-USER TARGET-PASSWORD]]: logs in with a new record; sets `problem` if that fails.
# Removes the note if another process, such as the kubelet, has logged in at the same moment: its session stays.
# shellcheck disable=SC2034
log_in() {
  local iqn=$1 code=0 said
  node "$iqn" -o new >/dev/null
  # Otherwise the login makes the kernel show every LUN of the target.
  node "$iqn" -o update -n node.session.scan -v manual >/dev/null || {
    problem='iscsiadm on this node can only log in with all LUNs of a target (no node.session.scan): update open-iscsi to 2.0.874 or newer'
    return 0
  }
  [[ -z ${2:-} ]] || write_credentials "$@"
  said=$(node "$iqn" --login 2>&1) || code=$?
  case $code in
  0) ;;
  15) rm --force "$(target_note "$iqn" session)" ;;
  24) problem='it refuses this node: it wants CHAP, or does not list this initiator name' ;;
  *) problem="the login failed with exit code $code: ${said##*$'\n'}" ;;
  esac
}

# The shell itself writes the credentials into the record: every user of the machine can read the arguments of a
# program.
write_credentials() {
  local iqn=$1 record line text=''
  record=$(record_of "$iqn")
  while IFS= read -r line; do
    [[ $line == node.session.auth.* ]] || text+=$line$'\n'
    [[ $line != '# BEGIN RECORD'* ]] || {
      text+="node.session.auth.authmethod = CHAP"$'\n'
      text+="node.session.auth.username = $2"$'\n'"node.session.auth.password = $3"$'\n'
      [[ -z ${4:-} ]] ||
        text+="node.session.auth.username_in = $4"$'\n'"node.session.auth.password_in = $5"$'\n'
    }
  done <"$record"
  (
    umask 077
    printf '%s' "$text" >"$record"
  )
}

# Prints the file of a record: below the portal's address, port and group, however iscsiadm writes the address.
record_of() {
  local key folder file name port
  key=$(portal_key "$portal")
  for folder in /etc/iscsi/nodes /var/lib/iscsi/nodes; do
    for file in "$folder/$1"/*,*; do
      IFS=, read -r name port _ <<<"${file##*/}"
      [[ $(address_key "$name"):$port == "$key" ]] || continue
      if [[ -d $file ]]; then echo "$file/default"; else echo "$file"; fi
      return
    done
  done
}
