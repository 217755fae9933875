#!/usr/bin/env bash
# The model world answers for it.

# shellcheck source=test/storage/third/scripts/bash/target-local.sh
source bash/target-local.sh
