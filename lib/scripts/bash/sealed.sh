# shellcheck shell=bash disable=SC2154
# The end of a copy: writes onto the volume what it holds, and marks it as sealed. A later run can give the same report
# from there. Requires what final-copy.sh has found.

# begin_part NAME: starts to measure the time of a part. A part may come in pieces.
declare -A took=()
begin_part() {
  end_part
  part=$1 part_start=$(date +%s%3N)
}
end_part() { [[ -z ${part:-} ]] || took[$part]=$((${took[$part]:-0} + $(date +%s%3N) - part_start)); }

# Ends the script unless this very attempt is building the volume. If this attempt has sealed it, the script ends with
# the report of the run that did: a run that was killed after the sealing had done everything.
require_unsealed() {
  if [[ $(marker state) == sealed ]]; then
    require_marker sealed "$attempt" "$volume" "$uuid"
    mount_target_afresh "$type" ro
    read_sealed
    report_sealed unchanged
  fi
  require_marker building "$attempt" "$volume" "$uuid"
}

# Sets `manifest` and the facts of the run that sealed the volume, from what that run stored.
read_sealed() {
  local folder=$target/.lunward head=''
  manifest=$(marker manifest)
  [[ -n $manifest && -e $folder/manifest && $(digest_of "$folder/manifest") == "$manifest" ]] ||
    report declined "the volume is sealed, but its list of files is not the one that its marker names (${manifest:-none}): the \
list is incomplete, or was changed" other-list
  IFS= read -r -d '' head <"$folder/manifest" || true
  [[ -e $folder/facts && " $head " == *" facts=$(digest_of "$folder/facts") "* ]] ||
    report declined "the volume is sealed, but its /.lunward/facts is not the one that its list names: it was changed since" other-list
  mapfile -d '' -t facts <"$folder/facts"
}

# report_sealed changed|unchanged: ends the script with the facts and the time of each part.
report_sealed() {
  local name times=()
  end_part
  for name in list copy scan compare hash databases seal; do times+=("$name" "${took[$name]:-0}"); done
  fact manifest "$manifest"
  fact_json milliseconds "$(json_object "${times[@]}")"
  report "$1"
}

# Gathers the facts that do not depend on the sealing itself.
gather_facts() {
  local names
  entries=$(entries_of "$lists/target") all_files=$(number_of_names "$lists/target.files") all_bytes=$(sum_to_hash "$lists/target.files" 3)
  joined -o 1.1,1.2,1.3,1.4,1.5,1.6 "$lists/target.files" "$lists/held" >"$lists/held.files"
  sed --null-data 's,//.*,,' "$lists/first.removed" >"$lists/removed"
  names=$(json_strings "${patch_paths[@]}")
  fact_json vouched "$(json_object files "$(number_of_names "$lists/held")" bytes "$(sum_to_hash "$lists/held.files" 3)")"
  fact_json hashed "$(json_object files "$(number_of_names "$lists/target.open")" bytes "$(sum_to_hash "$lists/target.open" 3)")"
  fact_json copied "$(json_object files "$files" bytes "$changed" deleted "$deleted")"
  fact_json bytesRead "$(json_object source "$source_bytes" target "$target_bytes")"
  fact_json entries "$entries"
  fact_json files "$all_files"
  fact_json bytes "$all_bytes"
  fact_json databases "$databases"
  fact_json removedWhileOpen "$(names_of "$lists/removed")"
  fact_json patched "$names"
  fact scan "$digest"
}

# Applies patches, writes down what the volume holds, checks that against the disk, and marks the volume as sealed. If it is
# killed before the last step, the next run does all of it again: nothing that it needs is changed before that.
seal() {
  remount_target "$type" rw
  apply_patches
  scan_whole "$target" "$lists/patched-target"
  files_of "$lists/patched-target" >"$lists/patched-target.files"
  require_patched "$lists/target" "$lists/patched-target"
  write_lists
  mount_target_afresh "$type" ro
  scan_whole "$target" "$lists/last"
  cmp --silent "$lists/patched-target" "$lists/last" || {
    unequal "$lists/patched-target" "$lists/last" >"$lists/unequal"
    report declined "these differ after the volume was mounted again: $(named "$lists/unequal"). Do not trust its disk"
  }
  require_patched_texts
  [[ $(digest_of "$target/.lunward/manifest") == "$manifest" && $(digest_of "$target/.lunward/facts") == "$facts_digest" ]] ||
    report declined "the disk returns other bytes than were written for the volume's list of files: do not trust it"

  remount_target "$type" rw
  remove_manifest "$target"
  write_marker "$target" sealed "$attempt" "$volume" "$uuid" "$manifest"
  mount_target_afresh "$type" ro
  read_marker "$target"
  require_marker sealed "$attempt" "$volume" "$uuid"
  [[ $(marker manifest) == "$manifest" ]] || report declined "the volume's marker names the list $(marker manifest), expected $manifest"
}

# /.lunward/facts: names of facts and their JSON, each ended by NUL. /.lunward/manifest: a record of NAME=VALUE, then
# HASH SIZE MTIME PATH for each file, all ended by NUL.
write_lists() {
  local header
  printf '%s\0' "${facts[@]}" >"$lists/facts"
  facts_digest=$(digest_of "$lists/facts")
  header="version=1 attempt=$attempt volume=$volume uuid=$uuid scan=$digest entries=$entries files=$all_files bytes=$all_bytes \
patched=${#patch_paths[@]} facts=$facts_digest"
  {
    printf '%s\0' "$header"
    joined -v 1 "$lists/hashes" "$lists/patched" | sorted - "$lists/patched" |
      joined -o 1.2,2.3,2.4,1.1 - "$lists/patched-target.files" | sed --null-data "s/$between/ /g" | decode
  } >"$lists/manifest"
  manifest=$(digest_of "$lists/manifest")
  write_manifest "$target" "$lists/manifest" manifest
  write_manifest "$target" "$lists/facts" facts
}
