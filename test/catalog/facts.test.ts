import { expect, it } from 'vitest';
import { catalog } from '../../lib/catalog';

/**
 * The facts a second time, as a table that reads like the apps' documentation: a slip in one app's file fails here.
 * Columns: ports, health path, config directory, signal and grace period, databases.
 */
const plexDatabases = 'Library/Application Support/Plex Media Server/Plug-in Support/Databases/com.plexapp.plugins';
const expected: readonly (readonly [string, string, string, string, string, readonly string[]])[] = [
  ['audiobookshelf', '80/TCP', '/healthcheck', '/config', 'SIGINT 30', ['absdatabase.sqlite']],
  ['bazarr', '6767/TCP', '/api/system/ping', '/config', 'SIGTERM 30', ['db/bazarr.db']],
  ['calibre-web', '8083/TCP', '/', '/config', 'SIGTERM 30', ['app.db', 'gdrive.db']],
  ['home-assistant', '8123/TCP', '/manifest.json', '/config', 'SIGTERM 240', ['home-assistant_v2.db']],
  ['huntarr', '9705/TCP', '/api/health', '/config', 'SIGTERM 30', ['huntarr.db', 'logs.db']],
  [
    'jellyfin',
    '8096/TCP',
    '/health',
    '/config',
    'SIGTERM 30',
    ['linuxserver data/data/jellyfin.db', 'official data/jellyfin.db'],
  ],
  ['jellyseerr', '5055/TCP', '/api/v1/status', '/app/config', 'SIGTERM 30', ['db/db.sqlite3']],
  ['navidrome', '4533/TCP', '/ping', '/data', 'SIGTERM 30', ['navidrome.db']],
  ['overseerr', '5055/TCP', '/api/v1/status', '/app/config', 'SIGTERM 30', ['db/db.sqlite3']],
  [
    'plex',
    '32400/TCP',
    '/identity',
    '/config',
    'SIGTERM 30',
    [`${plexDatabases}.library.db`, `${plexDatabases}.library.blobs.db`],
  ],
  ['profilarr', '6868/TCP', '/', '/config', 'SIGTERM 30', ['profilarr.db']],
  ['prowlarr', '9696/TCP', '/ping', '/config', 'SIGTERM 30', ['prowlarr.db', 'logs.db']],
  [
    'qbittorrent',
    '8080/TCP 6881/TCP 6881/UDP',
    '/',
    '/config',
    'SIGTERM 300',
    ['linuxserver qBittorrent/torrents.db', 'official qBittorrent/data/torrents.db'],
  ],
  ['radarr', '7878/TCP', '/ping', '/config', 'SIGTERM 30', ['radarr.db', 'logs.db']],
  ['sabnzbd', '8080/TCP', '/api?mode=version', '/config', 'SIGTERM 30', ['admin/history1.db']],
  ['seerr', '5055/TCP', '/api/v1/status', '/app/config', 'SIGTERM 30', ['db/db.sqlite3']],
  ['sonarr', '8989/TCP', '/ping', '/config', 'SIGTERM 30', ['sonarr.db', 'logs.db']],
  ['tautulli', '8181/TCP', '/status', '/config', 'SIGTERM 30', ['tautulli.db']],
];

it('lists every app', () => {
  expect(expected.map(([name]) => name)).toEqual(Object.keys(catalog));
});

it.each(expected)('%s', (name, ports, health, configPath, stop, databases) => {
  const facts = catalog[name]?.facts;
  expect(portsOf(facts?.ports ?? {})).toBe(ports);
  expect(facts?.health).toEqual({ path: health });
  expect(facts?.configPath).toBe(configPath);
  expect(`${facts?.stop.signal} ${facts?.stop.gracePeriodSeconds}`).toBe(stop);
  expect(facts?.databases.map((database) => [database.imageFamily, database.path].filter(Boolean).join(' '))).toEqual(
    databases,
  );
  expect(facts?.databases.every((database) => database.engine === 'sqlite')).toBe(true);
});

it('lists state outside of the config directory', () => {
  const apart = Object.values(catalog).flatMap(({ facts }) =>
    (facts.statePaths ?? []).map((path) => `${facts.name} ${path}`),
  );
  expect(apart).toEqual(['audiobookshelf /metadata']);
});

it('lists images with a fixed user', () => {
  const fixed = Object.values(catalog).filter(({ facts }) => facts.fixedUser !== undefined);
  expect(fixed.map(({ facts }) => `${facts.name} ${facts.fixedUser}`)).toEqual(['seerr 1000']);
});

function portsOf(
  ports: Readonly<Record<string, number | { port: number; protocol?: string | readonly string[] }>>,
): string {
  return Object.values(ports)
    .map((value) => (typeof value === 'number' ? { port: value, protocol: undefined } : value))
    .flatMap(({ port, protocol }) => [protocol ?? 'TCP'].flat().map((one) => `${port}/${one}`))
    .join(' ');
}
