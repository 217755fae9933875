import { defineApp } from './define-app';
import { fileSystemTrouble, sqliteTrouble } from './storage-trouble';

const databases = 'Library/Application Support/Plex Media Server/Plug-in Support/Databases';

/**
 * Plex Media Server. LinuxServer, home-operations and official images; data in /config.
 *
 * Sources: `/identity` needs no login and is the health check of Plex's own image (`healthcheck.sh` in `pms-docker`),
 * whose README warns about network shares without locks; the databases are those that the repair tool DBRepair works
 * on. They use extensions of "Plex SQLite", a program shipped with the server: plain SQLite cannot check them. Plex is
 * closed source: its own line, which it logs while it waits for a lock, is known only from users' logs, and a big
 * analysis can cause it on any disk.
 *
 * Plex's other ports are left out: most are for discovery by broadcast, and no Service forwards broadcasts.
 */
export const plex = defineApp({
  name: 'plex',
  ports: { http: 32400 },
  health: { path: '/identity' },
  configPath: '/config',
  databases: [
    { path: `${databases}/com.plexapp.plugins.library.db`, engine: 'sqlite' },
    { path: `${databases}/com.plexapp.plugins.library.blobs.db`, engine: 'sqlite' },
  ],
  stop: { signal: 'SIGTERM', gracePeriodSeconds: 30 },
  storageTrouble: [...sqliteTrouble, ...fileSystemTrouble, /Sqlite3: Sleeping for \d+ms to retry busy DB/],
});
