import { defineApp } from './define-app';
import { fileSystemTrouble, sqliteTrouble } from './storage-trouble';

/**
 * Profilarr, version 1: quality profiles for Sonarr and Radarr. Official image; it reads PUID and PGID.
 *
 * Sources, in Profilarr's repository at v1.1: port and start command (`Dockerfile`: gunicorn, which gives requests 30 s
 * after SIGTERM); `/` is a static page without a login, but every path below `/api/` needs one
 * (`backend/app/middleware.py`); `profilarr.db` (`backend/app/config/config.py`). Version 2 is a different program:
 * describe it without the catalog.
 */
export const profilarr = defineApp({
  name: 'profilarr',
  ports: { http: 6868 },
  health: { path: '/' },
  configPath: '/config',
  databases: [{ path: 'profilarr.db', engine: 'sqlite' }],
  stop: { signal: 'SIGTERM', gracePeriodSeconds: 30 },
  storageTrouble: [...sqliteTrouble, ...fileSystemTrouble],
});
