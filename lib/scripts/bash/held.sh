# shellcheck shell=bash
# What an attempt has copied to a target already. Requires bash/marker.sh, which has read the marker.

# held_by_attempt FOLDER: prints, as JSON, the bytes and inodes that the files of a volume that is being built take. They
# need no further room: they stay, or are deleted before others are copied. Zero for any other volume, and where it can't
# be counted in time.
held_by_attempt() {
  local bytes=0 entries=0
  if [[ $(marker state) == building ]]; then
    bytes=$(used_in "$1" --block-size=1)
    entries=$(used_in "$1" --inodes)
  fi
  json_object bytes "$bytes" entries "$entries"
}

used_in() {
  local used=''
  read -r used _ < <(timeout --kill-after=5 300 du --summarize "$2" "$1" 2>/dev/null) || true
  echo "${used:-0}"
}
