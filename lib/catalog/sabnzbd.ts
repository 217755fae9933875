import { defineApp } from './define-app';
import { fileSystemTrouble, sqliteTrouble } from './storage-trouble';

/**
 * SABnzbd: Usenet downloads. LinuxServer and home-operations images; both have their data in /config.
 *
 * Sources, in SABnzbd's repository: `mode=version` needs no API key (`check_apikey()` in `interface.py`), but the node
 * that asks must have a private address or one in `local_ranges`; `admin/history1.db` (`constants.py`); SIGTERM saves
 * the queue and exits (`sig_handler()` in `__init__.py`). Two of its own log lines replace SQLite's: a damaged history
 * is deleted and started again, a read-only one is ignored (`execute()` in `database.py`; only in English).
 */
export const sabnzbd = defineApp({
  name: 'sabnzbd',
  ports: { http: 8080 },
  health: { path: '/api?mode=version' },
  configPath: '/config',
  databases: [{ path: 'admin/history1.db', engine: 'sqlite' }],
  stop: { signal: 'SIGTERM', gracePeriodSeconds: 30 },
  storageTrouble: [
    ...sqliteTrouble,
    ...fileSystemTrouble,
    /Damaged History database/,
    /Cannot write to History database/,
  ],
});
