import { defineApp } from './define-app';
import { fileSystemTrouble, sqliteTrouble } from './storage-trouble';

/**
 * Audiobookshelf: audiobooks and podcasts. Official image; its Dockerfile sets the port, /config and /metadata.
 *
 * /metadata contains covers, caches, logs and backups, so it needs a volume too.
 *
 * Sources, in Audiobookshelf's repository: `/healthcheck` answers without a login, with and without the router's base
 * path, and SIGINT is the only signal that is handled: on SIGTERM Node.js exits without closing anything
 * (`server/Server.js`); `absdatabase.sqlite` (`server/Database.js`).
 */
export const audiobookshelf = defineApp({
  name: 'audiobookshelf',
  ports: { http: 80 },
  health: { path: '/healthcheck' },
  configPath: '/config',
  statePaths: ['/metadata'],
  databases: [{ path: 'absdatabase.sqlite', engine: 'sqlite' }],
  stop: { signal: 'SIGINT', gracePeriodSeconds: 30 },
  storageTrouble: [...sqliteTrouble, ...fileSystemTrouble],
});
