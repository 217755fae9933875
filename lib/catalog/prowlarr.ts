import { defineApp } from './define-app';
import { fileSystemTrouble, servarrTrouble, sqliteTrouble } from './storage-trouble';

/**
 * Prowlarr: indexers for the other *arr apps. LinuxServer and home-operations images; both have their data in /config.
 *
 * Sources, in Prowlarr's repository: `/ping` needs no login and reads the database, so it fails when the database does
 * (`Prowlarr.Http/Ping/PingController.cs`); port (`ConfigFileProvider.cs`); database names (`PathExtensions.cs`), both
 * in WAL mode (`ConnectionStringFactory.cs`). SIGTERM stops it like any .NET host, which allows itself 30 s.
 */
export const prowlarr = defineApp({
  name: 'prowlarr',
  ports: { http: 9696 },
  health: { path: '/ping' },
  configPath: '/config',
  databases: [
    { path: 'prowlarr.db', engine: 'sqlite' },
    { path: 'logs.db', engine: 'sqlite' },
  ],
  stop: { signal: 'SIGTERM', gracePeriodSeconds: 30 },
  storageTrouble: [...sqliteTrouble, ...fileSystemTrouble, ...servarrTrouble],
});
