# shellcheck shell=bash
# Errors of a file system: what the kernel says of one that is mounted, and what the superblock of one that is not has
# recorded. Nothing is written, and nothing waits for a disk for longer than a few seconds.

# mounts_of PROC NUMBERS: prints each mount of a device, by its major and minor number: PROCESS POINT OPTIONS TYPE
# SUPER-OPTIONS, one a line, as mountinfo has them. Each is printed once, with the lowest process that sees it.
mounts_of() {
  local line file number point options type super
  while IFS= read -r line; do
    file=${line%%:*} line=${line#*:}
    read -r _ _ number _ point options _ <<<"$line"
    [[ $number == "$2" ]] || continue
    read -r type _ super <<<"${line##* - }"
    file=${file%/mountinfo}
    echo "${file##*/} $point $options $type $super"
  done < <(grep --no-messages --with-filename --fixed-strings " $2 " "$1"/[0-9]*/mountinfo || true) |
    sort --key=2 --key=1,1n | sort --unique --stable --key=2 | sort --stable --key=1,1n
}

# stopped_by OPTIONS SUPER-OPTIONS: prints how the kernel has stopped a file system that is mounted for writing; nothing if
# it has not. Older kernels make it read-only and show no other sign of it.
stopped_by() {
  local option
  for option in shutdown emergency_ro; do
    [[ ,$2, != *",$option,"* ]] || {
      echo "$option"
      return
    }
  done
  [[ ,$1, != *,rw,* || ,$2, != *,ro,* ]] || echo ro
}

# recorded_errors SYS NAME: prints what ext4 has recorded of a mounted file system, as JSON.
recorded_errors() {
  local folder=$1/fs/ext4/$2
  errors_json "$(attribute "$folder/errors_count")" "$(time_of "$(attribute "$folder/first_error_time")")" \
    "$(time_of "$(attribute "$folder/last_error_time")")" "$(attribute "$folder/last_error_func")"
}

attribute() { cat "$1" 2>/dev/null || true; }

# time_of SECONDS: prints a time of the kernel; nothing for 0.
time_of() { [[ ! $1 =~ ^[1-9][0-9]*$ ]] || TZ=UTC0 printf '%(%Y-%m-%dT%H:%M:%SZ)T' "$1"; }

# errors_json COUNT FIRST LAST FUNCTION
errors_json() {
  local count=0
  [[ ! $1 =~ ^[0-9]+$ ]] || count=$1
  json_object count "$count" first "$(json_string "$2")" last "$(json_string "$3")" function "$(json_string "$4")"
}

# superblock_errors TEXT: prints what the superblock of an unmounted ext4 has recorded, as JSON, from the output of `dumpe2fs -h`.
superblock_errors() {
  errors_json "$(field_of "$1" 'FS Error count')" "$(time_said "$(field_of "$1" 'First error time')")" \
    "$(time_said "$(field_of "$1" 'Last error time')")" "$(field_of "$1" 'Last error function')"
}

# field_of TEXT NAME: prints a value of `dumpe2fs -h`.
field_of() { sed -n "s/^$2: *//p" <<<"$1" | head -n 1; }

time_said() { [[ -z $1 ]] || date --utc --date="$1 UTC" +%Y-%m-%dT%H:%M:%SZ 2>/dev/null || true; }

# tried COMMAND...: prints nothing if it succeeds, `hangs` if it does not end within 10 s, else the command, its exit code and
# the last lines of what it answered. With KILL as its first signal, timeout ends even if the kernel does not release the
# process that it started. For the same reason the answer is read as far as the line with the exit code, and not to its end.
tried() {
  local code='' line lines=()
  while IFS= read -r -t 11 line; do
    if [[ $line =~ ^'exit code of tried: '([0-9]+)$ ]]; then
      code=${BASH_REMATCH[1]}
      break
    fi
    [[ -z $line ]] || lines+=("$line")
    ((${#lines[@]} <= 3)) || lines=("${lines[@]:1}")
  done < <(
    code=0
    # In braces: the shell reports on stderr that timeout has killed itself.
    { timeout --signal=KILL 10 "$@"; } 2>&1 >/dev/null || code=$?
    printf '\nexit code of tried: %s\n' "$code"
  )
  case $code in
  0) ;;
  137 | '') echo hangs ;;
  *)
    printf -v line '; %s' "${lines[@]:-it said nothing}"
    echo "\"$*\" ended with $code$line"
    ;;
  esac
}
