#!/usr/bin/env bash
# Confirms that this is the machine that the caller means, before it starts or ends a unit there: each script checks that
# first (bash/machine.sh), and this one does nothing else.
#
# Facts: none.

report unchanged
