import { defineApp } from './define-app';
import { fileSystemTrouble, sqliteTrouble } from './storage-trouble';

/**
 * Since 10.11 Jellyfin can keep its own writers apart, against locked databases on network file systems. On a disk this
 * only slows it down. Source: `DatabaseLockingBehaviorTypes.cs`.
 */
const lockingBehavior = {
  element: ['DatabaseConfigurationOptions', 'LockingBehavior'],
  from: ['Pessimistic', 'Optimistic'],
  to: 'NoLock',
};

/**
 * Jellyfin: media server. The official image has its data directory at /config and a cache at /cache; the LinuxServer
 * image has its data directory at /config/data and its configuration at /config (the images' own `JELLYFIN_*_DIR`).
 *
 * Sources, in Jellyfin's repository: `/health` needs no login and queries the database (`Startup.cs`); since 10.11 the
 * start-up server answers it too, with "Degraded" and status 200 while migrations run (`SetupServer.cs`), so 200 means
 * alive, not ready; `jellyfin.db` is in `data/` below the data directory (`SqliteDatabaseProvider.cs`). Before 10.11
 * there was a `library.db` next to it.
 *
 * Discovery on 7359/UDP (`AutoDiscoveryHost.cs`) is left out: it is a broadcast, and no Service forwards broadcasts.
 */
export const jellyfin = defineApp({
  name: 'jellyfin',
  ports: { http: 8096 },
  health: { path: '/health' },
  configPath: '/config',
  databases: [
    { path: 'data/data/jellyfin.db', engine: 'sqlite', imageFamily: 'linuxserver' },
    { path: 'data/jellyfin.db', engine: 'sqlite', imageFamily: 'official' },
  ],
  patches: [
    { path: 'database.xml', imageFamily: 'linuxserver', ...lockingBehavior },
    { path: 'config/database.xml', imageFamily: 'official', ...lockingBehavior },
  ],
  stop: { signal: 'SIGTERM', gracePeriodSeconds: 30 },
  storageTrouble: [...sqliteTrouble, ...fileSystemTrouble],
});
