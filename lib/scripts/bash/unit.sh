# shellcheck shell=bash
# A script that goes on when nobody is connected: a transient unit of systemd, with a folder in memory that is gone after a
# start of the system, as the unit is. There lie the script, what it prints, how far it is, and how it ended.

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

# The last line of what it printed, where that is a report.
unit_report() {
  [[ -s $folder/output ]] || return 0
  tail --lines=1 "$folder/output" | grep '^{"result":.*}$' || true
}
