import { expect, it } from 'vitest';
import { plex, qbittorrent, sonarr } from '../../lib/catalog';
import type { MediaAppProps } from '../../lib/workload';
import { expectedData } from '../../lib/workload/database-mounts';
import { resolveApp } from '../../lib/workload/model';
import { lun } from '../helpers';

const config = lun('config');
const image = 'registry.example.com/app:1.2.3';

it.each<[string, MediaAppProps, string, ReturnType<typeof expectedData>]>([
  [
    'of an app of the catalog',
    sonarr({ image, config }),
    '/config',
    { databases: ['sonarr.db', 'logs.db'], isConfig: true },
  ],
  [
    'of another of its mounts',
    sonarr({ image, config, mounts: { '/tv': lun('tv') } }),
    '/tv',
    { databases: [], isConfig: false },
  ],
  [
    'of a mount within the config',
    sonarr({
      image,
      config,
      databases: [{ path: 'data/a.db', engine: 'sqlite' }],
      mounts: { '/config/data': lun('data') },
    }),
    '/config/data',
    { databases: ['a.db'], isConfig: false },
  ],
  [
    'of a folder of the volume',
    sonarr({ image, config: { volume: config, subPath: 'apps/sonarr' } }),
    '/config',
    { databases: ['apps/sonarr/sonarr.db', 'apps/sonarr/logs.db'], isConfig: true },
  ],
  [
    'of an app that has its database elsewhere',
    sonarr({ image, config, databases: [] }),
    '/config',
    { databases: [], isConfig: true },
  ],
  ['of an app that may do without one', qbittorrent({ image, config }), '/config', { databases: [], isConfig: true }],
])('what is expected on a volume: %s', (_, props, mountPath, expected) => {
  expect(expectedData(resolveApp(props, { name: 'app', namespace: 'media' }), mountPath)).toEqual(expected);
});

it('finds each database of Plex', () => {
  const { databases } = expectedData(
    resolveApp(plex({ image, config }), { name: 'app', namespace: 'media' }),
    '/config',
  );
  expect(databases[0]).toMatch(/com\.plexapp\.plugins\.library\.db$/);
});
