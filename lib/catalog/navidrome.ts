import { defineApp } from './define-app';
import { fileSystemTrouble, sqliteTrouble } from './storage-trouble';

/**
 * Navidrome: music. Official image; its Dockerfile sets /data and the port. It runs as the user that the pod sets.
 *
 * Sources, in Navidrome's repository: `/ping` answers without a login, under any base path (`server/server.go`);
 * `navidrome.db` in WAL mode (`consts/consts.go`); SIGTERM stops it cleanly (`cmd/root.go`).
 */
export const navidrome = defineApp({
  name: 'navidrome',
  ports: { http: 4533 },
  health: { path: '/ping' },
  configPath: '/data',
  databases: [{ path: 'navidrome.db', engine: 'sqlite' }],
  stop: { signal: 'SIGTERM', gracePeriodSeconds: 30 },
  storageTrouble: [...sqliteTrouble, ...fileSystemTrouble],
});
