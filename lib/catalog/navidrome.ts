import { defineApp } from './define-app';
import { fileSystemTrouble, sqliteTrouble } from './storage-trouble';

/**
 * Navidrome: music. The official image, whose Dockerfile sets /data and the port; it runs as whom it is told.
 *
 * Sources, in Navidrome's repository: `/ping` is answered before every login, whatever the base path
 * (`server/server.go`); `navidrome.db` in WAL mode (`consts/consts.go`); SIGTERM ends it in order (`cmd/root.go`).
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
