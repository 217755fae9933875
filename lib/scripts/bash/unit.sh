# shellcheck shell=bash
# A script that continues without a connection: a transient systemd unit. Its folder is in memory and, like the unit,
# ends at a reboot. The folder holds the script, its output, its progress and how it ended.

# Without .service
: "${unit:?}"

# shellcheck disable=SC2154
folder=$notes/$unit

unit_runs() {
  case $(systemctl show --property=ActiveState --value "$unit.service") in
  active | activating | deactivating | reloading) ;;
  *) return 1 ;;
  esac
}

# Prints the last line of the output, if it is a report.
unit_report() {
  [[ -s $folder/output ]] || return 0
  tail --lines=1 "$folder/output" | grep '^{"result":.*}$' || true
}
