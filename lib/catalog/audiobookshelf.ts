import { defineApp } from './define-app';
import { fileSystemTrouble, sqliteTrouble } from './storage-trouble';

/**
 * Audiobookshelf: audiobooks and podcasts. The official image, whose Dockerfile sets port, /config and /metadata.
 *
 * /metadata holds covers, caches, logs and backups, so it wants a volume as well.
 * Sources, in Audiobookshelf's repository: `/healthcheck` comes before every login and answers with and without the
 * router's base path, and the only signal that it handles is SIGINT: on SIGTERM Node.js ends without closing anything
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
