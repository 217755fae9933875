import { defineApp } from './define-app';
import { fileSystemTrouble, sqliteTrouble } from './storage-trouble';

/**
 * Bazarr: subtitles. LinuxServer and home-operations images; both start it with `--config /config`.
 *
 * Sources, in Bazarr's repository: `/api/system/ping` is made for health checks and needs no login
 * (`api/system/ping.py`); port (`app/config.py`); `db/bazarr.db` (`app/database.py`). SIGTERM ends the outer process at
 * once (`bazarr.py`), so the database is left as after a crash: SQLite recovers it from the journal at the next start.
 */
export const bazarr = defineApp({
  name: 'bazarr',
  ports: { http: 6767 },
  health: { path: '/api/system/ping' },
  configPath: '/config',
  databases: [{ path: 'db/bazarr.db', engine: 'sqlite' }],
  stop: { signal: 'SIGTERM', gracePeriodSeconds: 30 },
  storageTrouble: [...sqliteTrouble, ...fileSystemTrouble],
});
