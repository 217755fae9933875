import { defineApp } from './define-app';
import { fileSystemTrouble, sqliteTrouble } from './storage-trouble';

/**
 * qBittorrent: torrents. LinuxServer and official images; home-operations keeps its files as LinuxServer does.
 *
 * Peers use the torrent port by TCP and UDP; 6881 is what the LinuxServer and official images set, and a ClusterIP
 * alone lets no peer in. Sources, in qBittorrent's repository: `/` is the login page, public to all, while every API
 * path but the login answers 403 without a session unless the asking subnet is on the user's bypass list
 * (`webui/webapplication.cpp`); torrents are files unless the user chose SQLite, then in `torrents.db`
 * (`bittorrent/sessionimpl.cpp`), which the official image's `--profile=/config` puts one directory deeper.
 * Ending saves every torrent and tells every tracker: 300 s, as a well-run public cluster allows; with thousands of
 * torrents allow more, the official image's own compose file says 30 minutes.
 */
export const qbittorrent = defineApp({
  name: 'qbittorrent',
  ports: { http: 8080, torrent: { port: 6881, protocol: ['TCP', 'UDP'] } },
  health: { path: '/' },
  configPath: '/config',
  databases: [
    { path: 'qBittorrent/torrents.db', engine: 'sqlite', imageFamily: 'linuxserver' },
    { path: 'qBittorrent/data/torrents.db', engine: 'sqlite', imageFamily: 'official' },
  ],
  stop: { signal: 'SIGTERM', gracePeriodSeconds: 300 },
  storageTrouble: [...sqliteTrouble, ...fileSystemTrouble],
});
