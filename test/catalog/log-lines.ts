/**
 * Lines in each app's own log format: such as mean storage trouble, and such as a healthy app writes every day.
 * Formats from the apps' loggers, words from SQLite, the C libraries and the apps.
 */
export const logLines: Readonly<Record<string, { trouble: readonly string[]; ordinary: readonly string[] }>> = {
  audiobookshelf: {
    trouble: [
      '[2025-03-01 02:00:01.702] FATAL: [Server] Uncaught exception origin: uncaughtException, error: [Error: SQLITE_BUSY: database is locked] {',
      "  parent: [Error: SQLITE_IOERR: disk I/O error] { errno: 10, code: 'SQLITE_IOERR' },",
      "[2025-03-01 02:00:01.702] ERROR: [CoverManager] Failed to get files in dir /metadata/items/a [Error: EIO: i/o error, scandir '/metadata/items/a']",
      "Error: Unknown system error -116: Unknown system error -116, open '/config/absdatabase.sqlite'",
    ],
    ordinary: [
      '[2025-03-01 02:00:00.000] INFO: [Database] Db connection was successful',
      '[2025-03-01 02:00:00.000] INFO: [Database] Initializing db at "/config/absdatabase.sqlite"',
      '[2025-03-01 02:00:00.000] INFO: SIGINT (Ctrl+C) received. Shutting down...',
    ],
  },
  bazarr: {
    trouble: [
      '2025-03-01 02:00:00,123 - root                             (7f3c8a4b5b38) :  ERROR (database:88) - (sqlite3.OperationalError) database is locked',
      "OSError: [Errno 5] I/O error: '/config/db/bazarr.db'",
    ],
    ordinary: [
      '2025-03-01 02:00:00,123 - root                             (7f3c8a4b5b38) :  INFO (server:84) - BAZARR is started and waiting for requests on: http://*:6767',
      'Bazarr starting child process with PID 153...',
    ],
  },
  'calibre-web': {
    trouble: [
      '[2025-03-01 02:00:00,123] ERROR {config_sql.py:409} Database error: (sqlite3.OperationalError) attempt to write a readonly database',
    ],
    ordinary: [
      '[2025-03-01 02:00:00,123]  INFO {server.py:218} Starting Gevent server on [::]:8083',
      '[2025-03-01 02:00:00,123]  WARN {admin.py:164} reconnecting to calibre database',
    ],
  },
  'home-assistant': {
    trouble: [
      '2025-03-01 02:00:00.123 ERROR (Recorder) [homeassistant.components.recorder.core] Unrecoverable sqlite3 database corruption detected: (sqlite3.DatabaseError) database disk image is malformed',
      '2025-03-01 02:00:00.123 ERROR (Recorder) [homeassistant.components.recorder.util] The database at //config/home-assistant_v2.db is corrupt or malformed',
      '2025-03-01 02:00:00.123 ERROR (Recorder) [homeassistant.components.recorder.util] The system will rename the corrupt database file //config/home-assistant_v2.db to //config/home-assistant_v2.db.corrupt.2025-03-01T02:00:00+00:00 in order to allow startup to proceed',
      "OSError: [Errno 30] Read-only file system: '/config/.storage/tmp1'",
    ],
    ordinary: [
      '2025-03-01 02:00:00.123 WARNING (Recorder) [homeassistant.components.recorder.util] The system could not validate that the sqlite3 database at //config/home-assistant_v2.db was shutdown cleanly',
      '2025-03-01 02:00:00.123 INFO (MainThread) [homeassistant.core] Starting Home Assistant',
    ],
  },
  huntarr: {
    trouble: [
      '2025-03-01 02:00:00 - huntarr - ERROR - === DATABASE CORRUPTION DETECTED — starting automatic recovery ===',
      '2025-03-01 02:00:00 - huntarr - ERROR - Database corruption confirmed after 3 attempts: database disk image is malformed',
    ],
    ordinary: [
      '2025-03-01 02:00:00 - huntarr - INFO - Huntarr is running',
      '2025-03-01 02:00:00 - huntarr.sonarr - INFO - Connected to Sonarr instance',
    ],
  },
  jellyfin: {
    trouble: [
      "Microsoft.Data.Sqlite.SqliteException (0x80004005): SQLite Error 5: 'database is locked'.",
      "Microsoft.Data.Sqlite.SqliteException (0x80004005): SQLite Error 10: 'disk I/O error'.",
      "[02:00:00.123] [ERR] [23] MediaBrowser.Providers.Manager.ProviderManager: System.IO.IOException: Stale file handle : '/config/data/metadata/library/a'",
    ],
    ordinary: [
      '[02:00:00.123] [INF] [1] Main: Startup complete 0:00:12.3456789',
      '[02:00:00.123] [INF] [21] Emby.Server.Implementations.ScheduledTasks.Tasks.OptimizeDatabaseTask: Optimizing and vacuuming jellyfin.db...',
    ],
  },
  jellyseerr: {
    trouble: ['2025-03-01T02:00:00.123Z [error]: Error: SQLITE_IOERR: disk I/O error'],
    ordinary: ['2025-03-01T02:00:00.123Z [info]: Starting Jellyseerr version 2.7.0'],
  },
  navidrome: {
    trouble: [
      'time="2025-03-01T02:00:00Z" level=error msg="Database could not be opened!" error="database is locked"',
      'time="2025-03-01T02:00:00Z" level=error msg="Error loading cache" dir=/data/cache/images error="open /data/cache/images: stale NFS file handle"',
    ],
    ordinary: [
      'time="2025-03-01T02:00:00Z" level=info msg="Creating DB Schema"',
      'time="2025-03-01T02:00:00Z" level=error msg="Error calling agent" error="read tcp 192.0.2.7:443: i/o timeout"',
    ],
  },
  overseerr: {
    trouble: ['2025-03-01T02:00:00.123Z [error]: Error: SQLITE_IOERR: disk I/O error'],
    ordinary: ['2025-03-01T02:00:00.123Z [info]: Starting Overseerr version 1.34.0'],
  },
  plex: {
    trouble: [
      'Sqlite3: Sleeping for 200ms to retry busy DB.',
      'Error: Unable to set up server: sqlite3_statement_backend::loadOne: database disk image is malformed (N4soci10soci_errorE)',
      'Mar 01, 2025 02:00:00.123 [28328] ERROR - Failed to begin transaction (../Plugins/PluginDatabaseState.cpp:110) (tries=1): Cannot begin transaction. database is locked',
    ],
    ordinary: [
      'Starting Plex Media Server. . . (you can ignore the libusb_init error)',
      'Mar 01, 2025 02:00:00.123 [140123782552376] WARN - Held transaction for too long (/data/MetadataItem.cpp:7482): 0.960000 seconds',
    ],
  },
  profilarr: {
    trouble: [
      '2025-03-01 02:00:00 - app.middleware - ERROR - Database error during API key check: unable to open database file',
      "2025-03-01 02:00:00 - app.config.config - ERROR - Failed to create directory /config/log: [Errno 5] Input/output error: '/config/log'",
    ],
    ordinary: [
      '2025-03-01 02:00:00 - app.init - INFO - Initializing database',
      '2025-03-01 02:00:00 - app.middleware - WARNING - Unauthorized access attempt to /api/settings',
    ],
  },
  prowlarr: {
    trouble: [
      '[v2.0.5.5160] code = IoErr (10), message = System.Data.SQLite.SQLiteException (0x800007AF): disk I/O error',
      '[Error] DbFactory: Logging database is corrupt, attempting to recreate it automatically',
    ],
    ordinary: ['[Info] Bootstrap: Starting Prowlarr - /app/prowlarr/bin/Prowlarr - Version 2.0.5.5160'],
  },
  qbittorrent: {
    trouble: [
      '(W) 2025-03-01T02:00:00 - File error alert. Torrent: "a". File: "/downloads/a". Reason: "a file_write (/downloads/a) error: No space left on device"',
      "(C) 2025-03-01T02:00:00 - Couldn't save torrent metadata to '/config/qBittorrent/BT_backup/a.torrent'. Error: Read-only file system",
    ],
    ordinary: [
      '(N) 2025-03-01T02:00:00 - Successfully listening on IP. IP: "192.0.2.7". Port: "TCP/6881"',
      '******** Information ********',
    ],
  },
  radarr: {
    trouble: [
      '[v5.28.0.10274] code = Corrupt (11), message = System.Data.SQLite.SQLiteException (0x800007EF): database disk image is malformed',
      'NzbDrone.Core.Datastore.CorruptDatabaseException: Radarr failed to start: Database file: /config/radarr.db is corrupt, restore from backup if available.',
    ],
    ordinary: ['[Info] Bootstrap: Starting Radarr - /app/radarr/bin/Radarr - Version 5.28.0.10274'],
  },
  sabnzbd: {
    trouble: [
      '2025-03-01 02:00:00,123::ERROR::[database:143] Damaged History database, created empty replacement',
      '2025-03-01 02:00:00,123::ERROR::[database:139] Cannot write to History database, check access rights!',
      'sqlite3.OperationalError: disk I/O error',
    ],
    ordinary: [
      '2025-03-01 02:00:00,123::WARNING::[__init__:206] Signal 15 caught, saving and exiting...',
      '2025-03-01 02:00:00,123::INFO::[downloader:600] 12 articles were malformed',
    ],
  },
  seerr: {
    trouble: [
      '2025-03-01T02:00:00.123Z [error]: Error: SQLITE_READONLY: attempt to write a readonly database',
      "Error: EROFS: read-only file system, open '/app/config/settings.json'",
    ],
    ordinary: [
      '2025-03-01T02:00:00.123Z [info]: Starting Seerr version 3.0.0',
      '2025-03-01T02:00:00.123Z [info][Server]: Server ready on port 5055',
    ],
  },
  sonarr: {
    trouble: [
      '[v4.0.3.1413] code = Busy (5), message = System.Data.SQLite.SQLiteException (0x800007AF): database is locked',
      'NzbDrone.Core.Datastore.CorruptDatabaseException: Sonarr failed to start: Database file: /config/sonarr.db is corrupt, restore from backup if available.',
      '[Error] DbFactory: Logging database is corrupt, attempting to recreate it automatically',
    ],
    ordinary: [
      '[Info] Bootstrap: Starting Sonarr - /app/sonarr/bin/Sonarr - Version 4.0.3.1413',
      '[Info] MigrationController: *** Migrating data source=/config/sonarr.db;cache size=-20000;journal mode=Wal ***',
    ],
  },
  tautulli: {
    trouble: [
      '2025-03-01 02:00:00 - WARNING :: MainThread : Tautulli Database :: Database Error: unable to open database file',
      '2025-03-01 02:00:00 - ERROR :: MainThread : Tautulli Database :: Fatal Error executing SELECT 1 :: database disk image is malformed',
    ],
    ordinary: [
      '2025-03-01 02:00:00 - INFO :: MainThread : Tautulli Database :: Clearing temporary sessions from database.',
      '2025-03-01 02:00:00 - INFO :: MainThread : Tautulli is ready!',
    ],
  },
};
