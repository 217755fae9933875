# shellcheck shell=bash disable=SC2154
# How long I/O waits for a target that is gone: in the initiator's defaults, which the kubelet's records are made from, in
# records that exist, and in open sessions. Requires bash/draft.sh, and `root`: the prefix of every path.

readonly TIMEOUT=node.session.timeo.replacement_timeout

# In seconds; -1: for ever. Empty: what is set stays.
: "${replacementTimeout?}"

initiator_defaults=$root/etc/iscsi/iscsid.conf

# find_timeouts: sets `otherTimeouts` to what has another timeout: `defaults`, `records`, and sessions by their names.
find_timeouts() {
  local session waits
  otherTimeouts=()
  [[ -n $replacementTimeout ]] || return 0
  [[ $(timeouts_in "$initiator_defaults") == "$replacementTimeout" ]] || otherTimeouts+=(defaults)
  has_timeouts_in_records || otherTimeouts+=(records)
  for session in "$root"/sys/class/iscsi_session/session*; do
    waits=$(<"$session/recovery_tmo")
    [[ ${waits/off/-1} == "$replacementTimeout" ]] || otherTimeouts+=("${session##*/}")
  done
}

# timeouts_in FILE: prints every value in it.
timeouts_in() { sed -n "s/^$TIMEOUT *= *\(-\{0,1\}[0-9]*\).*/\1/p" "$1" 2>/dev/null || true; }

has_timeouts_in_records() {
  local found
  found=$(grep --recursive --no-filename "^$TIMEOUT *=" "$root/etc/iscsi/nodes" "$root/var/lib/iscsi/nodes" 2>/dev/null || true)
  found=$(grep --invert-match "= *$replacementTimeout\$" <<<"$found" || true)
  [[ -z ${found//$'\n'/} ]]
}

# The kernel takes no timeout for a session that is lost.
require_sessions() {
  local name session
  for name in "${otherTimeouts[@]}"; do
    session=$root/sys/class/iscsi_session/$name
    [[ $name != session* || $(<"$session/state") == LOGGED_IN ]] ||
      report declined "its session with $(<"$session/targetname") is lost, so its timeout can't be set: check that the NAS is up, then run the command again" session-lost
  done
}

set_timeouts() {
  local name kept draft=$initiator_defaults.draft
  for name in "${otherTimeouts[@]}"; do
    case $name in
    defaults)
      cp --preserve=mode,ownership "$initiator_defaults" "$draft"
      kept=$(sed "/^$TIMEOUT *=/d" "$initiator_defaults")
      # Its last line may have had no end.
      printf '%s\n' "$kept" "$TIMEOUT = $replacementTimeout" >"$draft"
      finish_draft "$initiator_defaults"
      ;;
    records) iscsiadm -m node -o update -n "$TIMEOUT" -v "$replacementTimeout" >/dev/null ;;
    *) echo "${replacementTimeout/#-1/off}" >"$root/sys/class/iscsi_session/$name/recovery_tmo" ;;
    esac
  done
  ((${#otherTimeouts[@]} == 0)) || did+=("set $TIMEOUT to $replacementTimeout for $(listed "${otherTimeouts[@]}")")
}

# Prints what a person does to set it.
timeout_lines() {
  echo "$TIMEOUT = $replacementTimeout in /etc/iscsi/iscsid.conf, in place of any other one"
  echo "iscsiadm -m node -o update -n $TIMEOUT -v $replacementTimeout"
  echo "for session in /sys/class/iscsi_session/session*; do echo ${replacementTimeout/#-1/off} >\$session/recovery_tmo; done"
}
