import { defineApp } from './define-app';
import { fileSystemTrouble, sqliteTrouble } from './storage-trouble';

/**
 * Huntarr: searches for missing and better releases. Official image; it reads PUID and PGID.
 *
 * Sources, in Huntarr's repository: `/api/health` needs no login (`src/primary/auth.py`) and is the image's own health
 * check; 30 s and SIGTERM (`docker-compose.yml`); `huntarr.db` and `logs.db`, both in WAL mode, and the log line that
 * announces a recovery, which moves the damaged database aside (`src/primary/utils/database.py`).
 */
export const huntarr = defineApp({
  name: 'huntarr',
  ports: { http: 9705 },
  health: { path: '/api/health' },
  configPath: '/config',
  databases: [
    { path: 'huntarr.db', engine: 'sqlite' },
    { path: 'logs.db', engine: 'sqlite' },
  ],
  stop: { signal: 'SIGTERM', gracePeriodSeconds: 30 },
  storageTrouble: [...sqliteTrouble, ...fileSystemTrouble, /DATABASE CORRUPTION DETECTED/],
});
