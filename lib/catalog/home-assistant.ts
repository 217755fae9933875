import { defineApp } from './define-app';
import { fileSystemTrouble, sqliteTrouble } from './storage-trouble';

/**
 * Home Assistant. Official, LinuxServer and home-operations images alike, data in /config.
 *
 * It has no health path of its own (`/healthz` takes an add-on). Sources, in its repository: `/manifest.json` needs no
 * login (`components/frontend/__init__.py`); up to 240 s to end its integrations and write what it recorded
 * (`S6_SERVICES_GRACETIME` in the Dockerfile, kept in step with `core.py`); `home-assistant_v2.db` in WAL mode, and the
 * lines with which the recorder gives a damaged database up and renames it (`components/recorder`).
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
