import { defineApp } from './define-app';
import { fileSystemTrouble, sqliteTrouble } from './storage-trouble';

/**
 * SABnzbd: Usenet downloads. LinuxServer and home-operations images alike, both with their data in /config.
 *
 * Sources, in SABnzbd's repository: `mode=version` needs no API key (`check_apikey()` in `interface.py`), but the
 * asking node must have a private address or one in `local_ranges`; `admin/history1.db` (`constants.py`); SIGTERM
 * saves the queue and exits (`sig_handler()` in `__init__.py`). Two lines replace SQLite's own words: a damaged
 * history is deleted and begun anew, a read-only one is ignored (`execute()` in `database.py`; in English only).
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
