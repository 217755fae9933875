# shellcheck shell=bash
# Files that are there as a whole, on the disk, or not at all: they are written as FILE.draft first.

# finish_draft FILE: gives FILE.draft its name.
finish_draft() {
  sync "$1.draft"
  mv --force "$1.draft" "$1"
  sync "${1%/*}"
}
