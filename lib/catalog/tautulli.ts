import { defineApp } from './define-app';
import { fileSystemTrouble, sqliteTrouble } from './storage-trouble';

/**
 * Tautulli: statistics of a Plex server. LinuxServer, home-operations and official images alike, data in /config.
 *
 * Sources, in Tautulli's repository: `/status` asks for a login only with arguments (`plexpy/webserve.py`) and is the
 * official image's own health check; `tautulli.db` (`plexpy/database.py`) in WAL mode (`plexpy/config.py`); SIGTERM
 * shuts down in order (`Tautulli.py`).
 */
export const tautulli = defineApp({
  name: 'tautulli',
  ports: { http: 8181 },
  health: { path: '/status' },
  configPath: '/config',
  databases: [{ path: 'tautulli.db', engine: 'sqlite' }],
  stop: { signal: 'SIGTERM', gracePeriodSeconds: 30 },
  storageTrouble: [...sqliteTrouble, ...fileSystemTrouble],
});
