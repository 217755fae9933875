import { defineApp } from './define-app';
import { fileSystemTrouble, sqliteTrouble } from './storage-trouble';

/**
 * Calibre-Web: e-books. LinuxServer image; it sets `CALIBRE_DBPATH` to /config.
 *
 * Sources, in Calibre-Web's repository: port, `app.db` and `gdrive.db` (`cps/constants.py`); `/` redirects to the login
 * page, which needs no login (`cps/web.py`); SIGTERM stops the server cleanly (`cps/server.py`). Calibre's own
 * `metadata.db` is with the books, on another volume.
 */
export const calibreWeb = defineApp({
  name: 'calibre-web',
  ports: { http: 8083 },
  health: { path: '/' },
  configPath: '/config',
  databases: [
    { path: 'app.db', engine: 'sqlite' },
    { path: 'gdrive.db', engine: 'sqlite' },
  ],
  stop: { signal: 'SIGTERM', gracePeriodSeconds: 30 },
  storageTrouble: [...sqliteTrouble, ...fileSystemTrouble],
});
