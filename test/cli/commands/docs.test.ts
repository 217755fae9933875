import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { jellyfin, sonarr } from '../../../lib/catalog';
import { docs } from '../../../lib/cli/commands/docs';
import { marks } from '../../../lib/cli/storage-page/marked-section';
import { storagePage } from '../../../lib/cli/storage-page/storage-page';
import { defineCluster, liveCluster } from '../../../lib/cluster';
import type { ClusterDescription } from '../../../lib/cluster/description';
import type { Lock } from '../../../lib/cluster/lock';
import { claim, emptyDir, existingClaim, inlineNfs, smb } from '../../../lib/volumes';
import { describeApps, image, lun, share } from '../../helpers';
import { inlineSamples, persistentSamples } from '../../volumes/samples';
import { describedFolder } from '../description';
import { resultIn } from '../result-in';

const media = inlineNfs({ server: '192.0.2.200', path: '/volume1/media', readOnly: true });
const moved: ClusterDescription = describeApps(
  {
    sonarr: sonarr({ image, config: [share('sonarr-config'), lun('sonarr-config-2')], mounts: { '/media': media } }),
    jellyfin: jellyfin({
      image,
      config: [share('jellyfin-config'), lun('jellyfin-config-2'), lun('jellyfin-config-3')],
      mounts: {
        '/cache': claim({ name: 'jellyfin-cache', storageClassName: 'local-path', size: '1Gi' }),
        '/media': { volume: media, subPath: 'films' },
      },
    }),
  },
  { nodes: { 'node-b': { managedBy: 'Ansible' }, 'node-a': {} } },
);
const lock: Lock = {
  version: 1,
  live: { jellyfin: { '/config': 'jellyfin-config-2' } },
  sealed: {
    jellyfin: {
      'jellyfin-config-2': { attempt: 1, uuid: '5a0e6bd6-9d53-8f0c-9a54-3fd0c2a1b7e8' },
      'jellyfin-config-3': { attempt: 1, uuid: '6a0e6bd6-9d53-8f0c-9a54-3fd0c2a1b7e8' },
    },
  },
};
const pageOf = (description: ClusterDescription, locked?: Lock) =>
  storagePage(liveCluster(defineCluster(description), locked));
const sectionOf = (page: string, title: string) => page.split(`### ${title}\n`)[1]?.split('\n### ')[0] ?? '';
const titlesOf = (page: string) => [...page.matchAll(/^- \*\*(.*?)\*\*/gm)].map(([, title]) => title);

describe('the page of a cluster', () => {
  it('says where each generation is', () => {
    expect(sectionOf(pageOf(moved, lock), 'Where the data is').trim().split('\n').slice(2, -2)).toEqual([
      '| jellyfin | `/config` | older, kept | `jellyfin-config` | `jellyfin-config` | `192.0.2.200:/volume1/jellyfin-config` | 1Gi |',
      '| jellyfin | `/config` | live | `jellyfin-config-2` | `jellyfin-config-2` | LUN 1 of `iqn.2000-01.com.example:jellyfin-config-2` at `192.0.2.200:3260` | 1Gi |',
      '| jellyfin | `/config` | newer, kept | `jellyfin-config-3` | `jellyfin-config-3` | LUN 1 of `iqn.2000-01.com.example:jellyfin-config-3` at `192.0.2.200:3260` | 1Gi |',
      '| jellyfin | `/cache` | live | `jellyfin-cache` | made by its class | class `local-path` | 1Gi |',
      '| jellyfin | `/media` | live | – | – | `192.0.2.200:/volume1/media`, its `films` | – |',
      '| sonarr | `/config` | live | `sonarr-config` | `sonarr-config` | `192.0.2.200:/volume1/sonarr-config` | 1Gi |',
      '| sonarr | `/config` | described, not moved to | `sonarr-config-2` | `sonarr-config-2` | LUN 1 of `iqn.2000-01.com.example:sonarr-config-2` at `192.0.2.200:3260` | 1Gi |',
      '| sonarr | `/media` | live | – | – | `192.0.2.200:/volume1/media` | – |',
    ]);
  });

  it('describes only the patterns in use, with the apps that use them', () => {
    const page = pageOf(moved, lock);
    expect(titlesOf(page)).toEqual([
      'iSCSI, static PersistentVolume',
      'NFS, static PersistentVolume',
      'NFS, mounted by the pod',
      'Class `local-path`',
    ]);
    expect(page).toContain('In use: jellyfin `/config`. Kept: jellyfin `/config`. To be moved to: sonarr `/config`.');
    expect(page).not.toContain('SMB');
  });

  it.each(Object.values({ ...persistentSamples, ...inlineSamples }))('knows $kind, and shows no Secret', (volume) => {
    const page = pageOf(describeApps({ app: { image, mounts: { '/data': volume } } }));
    const isStored = volume.kind !== 'secret' && volume.kind !== 'configMap';
    expect(page.includes('| app | `/data` | live |')).toBe(isStored);
    expect(titlesOf(page)).toHaveLength(isStored ? 1 : 0);
  });

  it('lists storage classes separately', () => {
    const mounts = {
      '/fast': claim({ name: 'fast', storageClassName: 'fast', size: '1Gi' }),
      '/default': claim({ name: 'default', size: '1Gi' }),
      '/scratch': emptyDir({ medium: 'Memory', sizeLimit: '2Gi' }),
    };
    const page = pageOf(describeApps({ app: { image, mounts } }));
    expect(titlesOf(page)).toEqual(['`emptyDir`', 'The default class of the cluster', 'Class `fast`']);
    expect(page).toContain("| – | – | the node's memory | at most 2Gi |");
  });

  it('says how to create, find, add, grow and stop using LUNs, with the described portals', () => {
    const page = pageOf(moved, lock);
    for (const said of [
      'Synology: ',
      'QNAP: ',
      'TrueNAS: ',
      '`lunward discover 192.0.2.200`',
      "targetPortal: '192.0.2.200:3260'",
    ]) {
      expect(sectionOf(page, 'A new LUN')).toContain(said);
    }
    expect(sectionOf(page, 'Growing a LUN')).toContain('`lunward resize APP SIZE`');
    expect(sectionOf(page, 'Going back')).toContain('`lunward rollback APP`');
    expect(page).toContain('### Why static volumes');
    expect(pageOf(describeApps({ app: { image, config: share('a') } }))).toContain(
      '`lunward discover ADDRESS-OF-THE-NAS`',
    );
    const six = lun('a', { targetPortal: '[2001:db8::200]:3260' });
    expect(pageOf(describeApps({ app: { image, config: six } }))).toContain('`lunward discover [2001:db8::200]:3260`');
  });

  it('says what nodes need, and what else manages them', () => {
    const needs = sectionOf(pageOf(moved, lock), 'What nodes need');
    expect(needs).toContain('| `open-iscsi` | `iscsi-initiator-utils` | `open-iscsi` |');
    expect(needs).toContain('Packages are managed on `node-b` by Ansible: add them there.');
    expect(sectionOf(pageOf(describeApps({ app: { image, config: share('a') } })), 'What nodes need')).not.toContain(
      'iscsi',
    );
  });

  it('says nothing about LUNs if there are none and nothing can be moved to one', () => {
    const tv = smb({ name: 'tv', source: '//192.0.2.200/tv', size: '1Ti' });
    const page = pageOf(
      describeApps({ app: { image, mounts: { '/tv': tv, '/made': existingClaim({ name: 'made' }) } } }),
    );
    expect(page.match(/^### .*/gm)).toEqual(['### Patterns in use', '### Where the data is']);
    expect(page).not.toContain('lunward.lock.json`, which');
    expect(pageOf(describeApps({}))).toContain('No app of the description has a volume yet.');
  });

  it('does not depend on the order of the description', () => {
    const apps = Object.fromEntries(Object.entries(moved.apps).reverse());
    const nodes = Object.fromEntries(Object.entries(moved.nodes ?? {}).reverse());
    expect(pageOf({ ...moved, apps, nodes }, lock)).toBe(pageOf(moved, lock));
  });

  it('escapes Markdown characters in names', () => {
    const odd = share('a', { path: '/a|b`c' });
    const page = pageOf(describeApps({ app: { image, namespace: 'other', mounts: { '/odd': odd } } }));
    expect(page).toContain('| `other/a` | `a` | `` 192.0.2.200:/a\\|b`c `` | 1Gi |');
    const tables = page.split('\n').filter((line) => line.startsWith('| app'));
    expect(tables.map((line) => line.split(/(?<!\\)\|/).length)).toEqual([9]);
  });
});

describe('lunward docs', () => {
  const folder = describedFolder();
  const file = () => folder.at('page.md');
  const run = (name = file()) => docs(name, { file: folder.at('cluster.ts') });
  const read = () => readFileSync(file(), 'utf8');
  beforeEach(() => folder.describe(moved, lock));

  it('creates the page, and changes nothing the second time', async () => {
    await run();
    expect(read()).toBe(`${marks.begin}\n\n${pageOf(moved, lock)}\n\n${marks.end}\n`);
    expect(folder.said()).toMatch(/page\.md: changed, it was not there\n$/);
    const { ino } = statSync(file());
    await run();
    expect(folder.said()).toMatch(/page\.md: unchanged\n$/);
    expect(statSync(file()).ino).toBe(ino);
  });

  it.each(['changed', 'unchanged'])('prints the same as JSON: %s', async (result) => {
    if (result === 'unchanged') await run();
    folder.said();
    await docs(file(), { file: folder.at('cluster.ts'), json: true });
    expect(resultIn(folder.said())).toEqual({ file: file(), result });
  });

  it('adds the section before existing text, and says so', async () => {
    writeFileSync(file(), '# LetsEncrypt\ntext');
    chmodSync(file(), 0o600);
    await run();
    expect(read().startsWith(marks.begin)).toBe(true);
    expect(read().endsWith(`${marks.end}\n\n# LetsEncrypt\ntext`)).toBe(true);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(folder.said()).toContain('The section is at the top of the page');
  });

  it('follows the lock file, and writes between the marks', async () => {
    writeFileSync(file(), `# Mine  \n${marks.begin}${marks.end}\nbelow`);
    await run();
    const before = read();
    expect(folder.said()).not.toContain('at the top');
    folder.describe(moved, { version: 1, live: { sonarr: { '/config': 'sonarr-config-2' } } });
    await run();
    expect(read()).not.toBe(before);
    expect(read()).toMatch(/^# Mine {2}\n<!--[\s\S]*-->\nbelow$/);
    expect(readdirSync(folder.at('.')).sort()).toEqual(['cluster.ts', 'lunward.lock.json', 'page.md']);
  });

  it.each([
    ['one mark', marks.begin],
    ['marks the wrong way round', `${marks.end}\n${marks.begin}\n`],
    ['another encoding', Buffer.from([0x61, 0xe4, 0x0a])],
  ])('changes nothing in a page with %s', async (_, page) => {
    writeFileSync(file(), page);
    await expect(run()).rejects.toMatchObject({ code: 'file-unusable' });
    expect(readFileSync(file())).toEqual(Buffer.from(page));
  });

  it('refuses a page that it cannot write', async () => {
    mkdirSync(file());
    symlinkSync('gone.md', folder.at('link.md'));
    for (const place of [file(), folder.at('none/page.md'), folder.at('link.md')]) {
      await expect(run(place)).rejects.toMatchObject({
        code: 'file-unusable',
        message: expect.stringContaining(place),
      });
    }
  });
});
