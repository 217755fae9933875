# shellcheck shell=bash disable=SC2154
# Reads the text of small files. Requires bash/source-*.sh.

# Their paths relative to the source
: "${wanted[@]-}"

# Skips files that are missing or larger than 64 KiB.
texts_of() {
  local name texts=()
  for name in "${wanted[@]}"; do
    [[ -f $source/$name && $(stat --format %s "$source/$name") -le 65536 ]] || continue
    texts+=("$(json_object path "$(json_string "$name")" base64 "$(json_string "$(base64 --wrap 0 "$source/$name")")")")
  done
  json_array "${texts[@]}"
}
