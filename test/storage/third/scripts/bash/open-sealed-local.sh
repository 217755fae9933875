# shellcheck shell=bash
# Parameters of a sealed directory. The model world runs no bash: it reads them.

: "${used:?}"
