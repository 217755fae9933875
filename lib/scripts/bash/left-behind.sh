# shellcheck shell=bash
# Finds what a file system of its own may have and a copy leaves behind: flags of chattr, and attributes in security.*
# and trusted.*.

# What lsattr shows and the file system sets by itself is left out: e, E, h, I, N and V.
readonly own_flags='acdijmstuxACDFPST'

# list_left_behind FOLDER LISTS: makes the lists `flagged` and `attributes`, of names that NUL ends; sets `counted` to
# false where no program of this node shows attributes. A listing that takes too long ends early.
list_left_behind() {
  local name=''
  counted=true
  (
    cd "$1" || exit
    find . -mindepth 1 \( -path ./lost+found -o -path ./.lunward \) -prune -o \( -type f -o -type d \) -print0 |
      timeout --kill-after=5 300 xargs --null --no-run-if-empty lsattr -d 2>/dev/null || true
  ) | sed --quiet "s,^[-A-Za-z]*[$own_flags][-A-Za-z]* \./,,p" | tr '\n' '\0' >"$2/flagged"
  : >"$2/attributes"
  if ! command -v getfattr >/dev/null; then
    # shellcheck disable=SC2034
    counted=false
    return 0
  fi
  (
    cd "$1" || exit
    timeout --kill-after=5 300 getfattr --recursive --no-dereference --match='^(security|trusted)\.' . 2>/dev/null || true
  ) | while IFS= read -r line; do
    case $line in
    '# file: '*) name=${line#'# file: '} ;;
    # Each file has the label that the policy of its node gives it.
    '' | security.selinux) ;;
    *)
      [[ -z $name || $name == . || $name == .lunward* || $name == lost+found* ]] || printf '%s\0' "$name"
      name=''
      ;;
    esac
  done >"$2/attributes"
}
