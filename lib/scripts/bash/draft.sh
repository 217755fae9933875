# shellcheck shell=bash
# Files that are there as a whole, on the disk, or not at all: they are written as FILE.draft first.

# finish_draft FILE [DRAFT]: gives FILE.draft, or DRAFT, its name.
finish_draft() {
  local draft=${2:-$1.draft}
  sync "$draft"
  mv --force "$draft" "$1"
  sync "${1%/*}"
}
