import { defineApp } from './define-app';
import { fileSystemTrouble, sqliteTrouble } from './storage-trouble';

/**
 * Seerr: requests for films and series, the successor of Overseerr and Jellyseerr. Official image.
 *
 * Sources, in Seerr's repository: port and user `node`, which is 1000 (`Dockerfile`); `/api/v1/status` needs no login,
 * and the documentation's own health check uses it; /app/config and its owner (`docs/migration-guide.mdx`: the volume
 * must belong to 1000, so the app gets an fsGroup); `db/db.sqlite3` in WAL mode (`server/datasource.ts`). It handles no
 * signal: SIGTERM ends Node.js at once, and SQLite recovers from the WAL at the next start.
 */
export const seerr = defineApp({
  name: 'seerr',
  ports: { http: 5055 },
  health: { path: '/api/v1/status' },
  configPath: '/app/config',
  databases: [{ path: 'db/db.sqlite3', engine: 'sqlite' }],
  stop: { signal: 'SIGTERM', gracePeriodSeconds: 30 },
  storageTrouble: [...sqliteTrouble, ...fileSystemTrouble],
  fixedUser: 1000,
});
