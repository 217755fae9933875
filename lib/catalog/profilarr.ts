import { defineApp } from './define-app';
import { fileSystemTrouble, sqliteTrouble } from './storage-trouble';

/**
 * Profilarr, version 1: quality profiles for Sonarr and Radarr. The official image, which takes PUID and PGID.
 *
 * Sources, in Profilarr's repository at v1.1: port and start command (`Dockerfile`: gunicorn, which gives requests
 * 30 s after SIGTERM); `/` is the static page and exempt from login (`backend/app/middleware.py`), every path below
 * `/api/` is not; `profilarr.db` (`backend/app/config/config.py`). Version 2 is another program: describe it by hand.
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
