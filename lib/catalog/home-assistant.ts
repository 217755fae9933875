import { defineApp } from './define-app';
import { fileSystemTrouble, sqliteTrouble } from './storage-trouble';

/**
 * Home Assistant. Official, LinuxServer and home-operations images; data in /config.
 *
 * It has no health path of its own (`/healthz` needs an add-on).
 *
 * Sources, in Home Assistant's repository: `/manifest.json` needs no login (`components/frontend/__init__.py`); it
 * takes up to 240 s to stop its integrations and write what it recorded (`S6_SERVICES_GRACETIME` in the Dockerfile,
 * kept in step with `core.py`); `home-assistant_v2.db` in WAL mode, and the log lines when the recorder gives up a
 * damaged database and renames it (`components/recorder`).
 */
export const homeAssistant = defineApp({
  name: 'home-assistant',
  ports: { http: 8123 },
  health: { path: '/manifest.json' },
  configPath: '/config',
  databases: [{ path: 'home-assistant_v2.db', engine: 'sqlite' }],
  stop: { signal: 'SIGTERM', gracePeriodSeconds: 240 },
  storageTrouble: [
    ...sqliteTrouble,
    ...fileSystemTrouble,
    /Unrecoverable sqlite3 database corruption detected/,
    /The database at .+ is corrupt or malformed/,
    /The system will rename the corrupt database file/,
  ],
});
