#!/usr/bin/env bash
# databases.sh FOLDER: makes databases there as an app may leave them, under names as nobody would choose them.
set -euo pipefail

cd "/pool$1"

rows="CREATE TABLE t (v); CREATE INDEX i ON t (v);
WITH RECURSIVE n(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n LIMIT 5000) INSERT INTO t SELECT v FROM n;"

sqlite3 "./it's \"whole\"" "$rows"

# All of it is still in its log.
sqlite3 ./-log.db >/dev/null <<<".dbconfig no_ckpt_on_close on
PRAGMA journal_mode=WAL;
$rows"

sqlite3 damaged.db "$rows"
dd if=/dev/urandom of=damaged.db bs=4096 seek=4 count=1 conv=notrunc status=none

sqlite3 cut.db "$rows"
truncate --size 10000 cut.db
