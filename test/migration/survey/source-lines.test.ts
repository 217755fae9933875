import { describe, expect, it } from 'vitest';
import { firstLunLines, sourceLines } from '../../../lib/migration/survey/source-lines';
import type { ProbedSource } from '../../../lib/scripts/copy/probe-source';
import { lun, share } from '../../helpers';
import { probed as found } from '../facts';

const source = share('jellyfin-config');

describe('the description of a source', () => {
  it('is only its size if there is nothing else to report', () => {
    expect(sourceLines(source, found)).toEqual([
      'from 192.0.2.200:/volume1/jellyfin-config by NFS 4.2: 100 MiB in 1000 files and 200 folders',
    ]);
  });

  it.each<[string, Partial<ProbedSource>, string]>([
    [
      'databases',
      {
        databases: [
          { path: 'data/jellyfin.db', bytes: 1, wal: true, beside: ['wal'], check: { outcome: 'whole', text: '' } },
        ],
      },
      '  1 SQLite databases, 1 of them with a write-ahead log: data/jellyfin.db',
    ],
    ['hard links', { linkSets: 3 }, '  3 files of several names, which stay one file'],
    ['holes', { sparseFiles: 1 }, '  1 files with holes, which stay holes'],
    ['NFS 3', { xattrs: false }, '  attributes of users (user.*), if any, can not be seen over this version of NFS'],
    ['what else NFS 3 lacks', { version: '3' }, '  times before 1970, if any, become others: NFS 3 can not say them'],
    ['a server that runs full', { room: { ...found.room, freeBytes: 1024 } }, '  only 1 KiB are free there: watch it'],
  ])('tells of %s', (_, more, line) => {
    expect(sourceLines(source, { ...found, ...more })).toContain(line);
  });

  it('includes the file system of a LUN', () => {
    expect(sourceLines(lun('config-2'), { ...found, version: 'ext4' })).toEqual([
      'from LUN 1 of iqn.2000-01.com.example:config-2, ext4: 100 MiB in 1000 files and 200 folders',
    ]);
  });

  it('recommends the size of a LUN', () => {
    expect(firstLunLines(found, 'jellyfin-config').join('\n')).toMatch(
      /one of 1Gi is right[\s\S]*name: 'jellyfin-config-2'[\s\S]*size: '1Gi'/,
    );
  });
});
