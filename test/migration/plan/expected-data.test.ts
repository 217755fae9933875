import { describe, expect, it } from 'vitest';
import { missingDataRefusals } from '../../../lib/migration/plan/expected-data';
import { probed } from '../facts';

const found = (paths: readonly string[], files = 3) => ({
  ...probed,
  files,
  databases: paths.map((path) => ({
    path,
    bytes: 4096,
    wal: false,
    beside: [],
    check: { outcome: 'whole' as const, text: '' },
  })),
});

const refused = (databases: readonly string[], isConfig: boolean, probed: ReturnType<typeof found>) =>
  missingDataRefusals('192.0.2.200:/volume1/config', { databases, isConfig }, probed).map(({ found }) => found);

describe('a source', () => {
  it.each<[string, readonly string[], ReturnType<typeof found>]>([
    ['has the database', ['sonarr.db', 'logs.db'], found(['sonarr.db'])],
    ['has one of several', ['data/data/jellyfin.db', 'data/jellyfin.db'], found(['other.db', 'data/jellyfin.db'])],
    ['has one whose name fits a pattern', ['data/*.db'], found(['data/main.db'])],
    ['has files, and no database is known', [], found([])],
  ])('may be moved if it %s', (_, databases, probed) => {
    expect(refused(databases, true, probed)).toEqual([]);
  });

  it.each<[string, readonly string[], ReturnType<typeof found>]>([
    ['holds other databases', ['sonarr.db'], found(['radarr.db'])],
    ['has one in a folder below', ['*.db'], found(['backup/sonarr.db'])],
    ['has one whose name only looks like it', ['sonarr.db'], found(['sonarr-db'])],
  ])('is refused if it %s', (_, databases, probed) => {
    expect(refused(databases, true, probed)).toEqual([
      expect.stringMatching(/^holds 3 files of 100 MiB and no database at /),
    ]);
  });

  it('is refused for having no file only if it holds the app’s settings', () => {
    expect(refused([], true, found([], 0))).toEqual(['holds no file, and the app has its settings there']);
    expect(refused([], false, found([], 0))).toEqual([]);
  });
});
