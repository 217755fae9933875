import { defineApp } from './define-app';
import { fileSystemTrouble, sqliteTrouble } from './storage-trouble';

/**
 * qBittorrent: torrents. LinuxServer and official images; home-operations has the same paths as LinuxServer.
 *
 * Peers use the torrent port over TCP and UDP. 6881 is what the LinuxServer and official images set. A ClusterIP
 * Service alone lets no peer in.
 *
 * Sources, in qBittorrent's repository: `/` is the login page and needs no login, while every API path except the login
 * responds with 403 without a session, unless the client's subnet is on the user's bypass list
 * (`webui/webapplication.cpp`); torrents are files, unless the user chose SQLite: then they are in `torrents.db`
 * (`bittorrent/sessionimpl.cpp`), which the official image's `--profile=/config` puts one directory deeper.
 *
 * On exit it saves every torrent and informs every tracker. 300 s is what a well-run public cluster allows; allow more
 * for thousands of torrents: the official image's own compose file sets 30 minutes.
 */
export const qbittorrent = defineApp({
  name: 'qbittorrent',
  ports: { http: 8080, torrent: { port: 6881, protocol: ['TCP', 'UDP'] } },
  health: { path: '/' },
  configPath: '/config',
  databases: [
    { path: 'qBittorrent/torrents.db', engine: 'sqlite', imageFamily: 'linuxserver', isOptional: true },
    { path: 'qBittorrent/data/torrents.db', engine: 'sqlite', imageFamily: 'official', isOptional: true },
  ],
  stop: { signal: 'SIGTERM', gracePeriodSeconds: 300 },
  storageTrouble: [...sqliteTrouble, ...fileSystemTrouble],
});
