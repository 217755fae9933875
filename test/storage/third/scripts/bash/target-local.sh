# shellcheck shell=bash
# Parameters of a directory on this node. The model world runs no bash: it reads them.

: "${target_directory:?}"
