# shellcheck shell=bash
# Writes files that exist on the disk whole or not at all: each is first written as FILE.draft.

# finish_draft FILE [DRAFT]: syncs FILE.draft, or DRAFT, and renames it to FILE.
finish_draft() {
  local draft=${2:-$1.draft}
  sync "$draft"
  mv --force "$draft" "$1"
  sync "${1%/*}"
}
