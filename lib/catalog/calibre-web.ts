import { defineApp } from './define-app';
import { fileSystemTrouble, sqliteTrouble } from './storage-trouble';

/**
 * Calibre-Web: e-books. The LinuxServer image, which sets `CALIBRE_DBPATH` to /config.
 *
 * Sources, in Calibre-Web's repository: port, `app.db` and `gdrive.db` (`cps/constants.py`); `/` leads to the login
 * page, which answers to all (`cps/web.py`); SIGTERM stops the server in order (`cps/server.py`). Calibre's own
 * `metadata.db` lies with the books, on another volume.
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
