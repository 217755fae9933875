import { defineApp } from './define-app';
import { fileSystemTrouble, sqliteTrouble } from './storage-trouble';

/**
 * Tautulli: statistics of a Plex server. LinuxServer, home-operations and official images; data in /config.
 *
 * Sources, in Tautulli's repository: `/status` needs a login only with arguments (`plexpy/webserve.py`) and is the
 * official image's own health check; `tautulli.db` (`plexpy/database.py`) in WAL mode (`plexpy/config.py`); SIGTERM
 * stops it cleanly (`Tautulli.py`).
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
