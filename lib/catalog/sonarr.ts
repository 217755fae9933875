import { defineApp } from './define-app';
import { fileSystemTrouble, servarrTrouble, sqliteTrouble } from './storage-trouble';

/**
 * Sonarr: series. LinuxServer and home-operations images; both have their data in /config.
 *
 * Sources, in Sonarr's repository: `/ping` needs no login and reads the database, so it fails when the database does
 * (`Sonarr.Http/Ping/PingController.cs`); port (`ConfigFileProvider.cs`); database names (`PathExtensions.cs`), both in
 * WAL mode (`ConnectionStringFactory.cs`). SIGTERM stops it like any .NET host, which allows itself 30 s.
 */
export const sonarr = defineApp({
  name: 'sonarr',
  ports: { http: 8989 },
  health: { path: '/ping' },
  configPath: '/config',
  databases: [
    { path: 'sonarr.db', engine: 'sqlite' },
    { path: 'logs.db', engine: 'sqlite' },
  ],
  stop: { signal: 'SIGTERM', gracePeriodSeconds: 30 },
  storageTrouble: [...sqliteTrouble, ...fileSystemTrouble, ...servarrTrouble],
});
