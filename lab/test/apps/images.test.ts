import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audiobookshelf, bazarr, catalog, jellyfin, prowlarr, qbittorrent, seerr, sonarr } from '../../../lib/catalog';
import { defineCluster } from '../../../lib/cluster';
import { iscsi } from '../../../lib/volumes';
import { type ArchiveImage, writeArchive } from '../../apps/archive';
import { calibreWebImage, calibreWebKey, calibreWebVersion } from '../../apps/calibre-web';
import { appImagesOf } from '../../apps/described';
import { appImage, labImages } from '../../apps/images';
import { makeLayers } from '../../apps/layers';
import { run } from '../../engine/run';

const layers = { busybox: 'busybox.tar', mediaApp: 'media-app.tar' };

const lun = (name: string) =>
  iscsi({ name, targetPortal: '192.0.2.200:3260', iqn: `iqn.2000-01.com.example:${name}`, lun: 1, size: '1Gi' });

describe('the layers', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lunward-layers-'));
    writeFileSync(join(folder, 'program'), 'program', { mode: 0o700 });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('hold the programs and the links that pods call', async () => {
    const program = join(folder, 'program');
    const made = await makeLayers(join(folder, 'layers'), { busybox: program, mediaApp: program });
    const list = async (file: string) => (await run('tar', ['--numeric-owner', '-tvf', file], { env: {} })).stdout;
    const busybox = await list(made.busybox);
    expect(busybox).toMatch(/^-rwxr-xr-x 0\/0 .* \.\/bin\/busybox$/m);
    expect(busybox).toMatch(/^drwxrwxrwt 0\/0 .* \.\/tmp\/$/m);
    for (const name of ['sh', 'ls', 'cat', 'mkdir', 'rm', 'sleep', 'wget', 'nc', 'stat', 'df', 'mount', 'sha256sum']) {
      expect(busybox).toContain(` ./bin/${name} -> busybox\n`);
    }
    expect(await list(made.mediaApp)).toMatch(/^-rwxr-xr-x 0\/0 .* \.\/usr\/local\/bin\/media-app$/m);
    expect(readdirSync(join(folder, 'layers')).sort()).toEqual(['busybox.tar', 'media-app.tar']);
    await writeArchive(join(folder, 'images.tar'), labImages(made));
  });

  it('need existing programs', async () => {
    const programs = { busybox: join(folder, 'gone'), mediaApp: join(folder, 'program') };
    await expect(makeLayers(folder, programs)).rejects.toThrow(`no file ${programs.busybox}`);
  });
});

describe('the image of an app', () => {
  const environment = (app: { facts: Parameters<typeof appImage>[0]['facts'] }, reference: string) =>
    appImage({ reference, facts: app.facts }, layers).env;

  it.each([
    [
      'linuxserver/jellyfin:10.11.0',
      { APP_DATABASES: 'data/data/jellyfin.db', APP_SETTINGS: 'database.xml', PUID: '911' },
    ],
    ['jellyfin/jellyfin:10.11.0', { APP_DATABASES: 'data/jellyfin.db', APP_SETTINGS: 'config/database.xml' }],
    ['registry.example.com/jellyfin/jellyfin:10.11.0', { APP_DATABASES: 'data/jellyfin.db' }],
    ['registry.example.com/mirror/jellyfin:10.11.0', { APP_DATABASES: 'data/data/jellyfin.db' }],
  ])('knows where Jellyfin of %s keeps its data', (reference, expected) => {
    expect(environment(jellyfin, reference)).toMatchObject(expected);
  });

  it('takes everything else from the facts', () => {
    expect(
      appImage({ reference: 'registry.example.com/linuxserver/sonarr:4.0.15', facts: sonarr.facts }, layers),
    ).toEqual({
      reference: 'registry.example.com/linuxserver/sonarr:4.0.15',
      layers: ['busybox.tar', 'media-app.tar'],
      entrypoint: ['/usr/local/bin/media-app', 'serve'],
      env: {
        PATH: '/usr/local/bin:/usr/bin:/bin',
        APP_NAME: 'sonarr',
        APP_ACKNOWLEDGE: '10.0.2.101:5170',
        APP_PORT: '8989',
        APP_HEALTH_PATH: '/ping',
        APP_CONFIG_PATH: '/config',
        APP_DATABASES: 'sonarr.db:logs.db',
        APP_SETTINGS: 'config.xml',
        APP_STOP_SIGNAL: 'SIGTERM',
        PUID: '911',
        PGID: '911',
      },
      exposedPorts: [8989],
      user: undefined,
    });
    expect(environment(audiobookshelf, 'registry.example.com/a:1')).toMatchObject({ APP_STOP_SIGNAL: 'SIGINT' });
    expect(environment(qbittorrent, 'qbittorrentofficial/qbittorrent-nox:5.1')).toMatchObject({
      APP_PORT: '8080:6881',
      APP_DATABASES: 'qBittorrent/data/torrents.db',
    });
    expect(environment(bazarr, 'registry.example.com/b:1')).not.toHaveProperty('APP_SETTINGS');
    expect(environment(bazarr, 'registry.example.com/b:1')).not.toHaveProperty('PUID');
    expect(appImage({ reference: 'registry.example.com/s:1', facts: seerr.facts }, layers).user).toBe('1000');
  });

  it.each(Object.keys(catalog))('can be made of %s', (name) => {
    const env = appImage(
      { reference: `registry.example.com/${name}:1`, facts: catalog[name]?.facts as never },
      layers,
    ).env;
    expect(env?.APP_DATABASES).toMatch(/^[^*]+$/);
    expect(env?.APP_PORT).toMatch(/^\d+(:\d+)*$/);
  });
});

describe('the images of a description', () => {
  const of = (apps: Parameters<typeof defineCluster>[0]['apps']): Record<string, ArchiveImage> =>
    Object.fromEntries(
      appImagesOf(defineCluster({ namespace: 'media', apps }), layers).map((image) => [image.reference, image]),
    );
  const tv = 'registry.example.com/linuxserver/sonarr:4.0.15';

  it('prefer the description to the facts', () => {
    const images = of({
      sonarr: sonarr({
        image: tv,
        config: lun('sonarr'),
        configPath: '/data',
        ports: { http: 80 },
        health: { path: '/tv/ping' },
        databases: [{ path: 'tv.db', engine: 'sqlite' }],
      }),
    });
    expect(images[tv]?.env).toMatchObject({
      APP_NAME: 'sonarr',
      APP_PORT: '80',
      APP_HEALTH_PATH: '/tv/ping',
      APP_CONFIG_PATH: '/data',
      APP_DATABASES: 'tv.db',
      APP_SETTINGS: 'config.xml',
    });
  });

  it('recognise an app that is not in the catalog by its image’s name', () => {
    const image = `registry.example.com/media/lidarr:2.1@sha256:${'0'.repeat(64)}`;
    const images = of({ music: { image, ports: { http: 8686 }, config: lun('music') } });
    expect(images[image]?.env).toMatchObject({
      APP_NAME: 'lidarr',
      APP_PORT: '8686',
      APP_HEALTH_PATH: '',
      APP_DATABASES: '',
      APP_SETTINGS: 'config.xml',
    });
  });

  it('listen and answer for all apps of one image', () => {
    const images = of({
      sonarr: sonarr({ image: tv, config: lun('sonarr') }),
      'sonarr-4k': sonarr({
        image: tv,
        config: lun('sonarr-4k'),
        ports: { http: 8990 },
        probes: { liveness: { httpGet: { path: '/4k/ping', port: 'http' } } },
      }),
    });
    expect(images[tv]?.env).toMatchObject({ APP_PORT: '8989:8990', APP_HEALTH_PATH: '/ping /4k/ping' });
  });

  it('refuse one image for apps that keep their data in different places', () => {
    expect(() =>
      of({
        one: prowlarr({ image: tv, config: lun('one') }),
        two: sonarr({ image: tv, config: lun('two') }),
      }),
    ).toThrow(
      `image ${tv}: apps "one" and "two" keep their data in different places ` +
        '(/config: prowlarr.db, logs.db and /config: sonarr.db, logs.db), and a stand-in knows one for each image; ' +
        'give one of them another tag',
    );
  });

  it('hold sidecars that answer and init containers that end', () => {
    const images = of({
      sonarr: sonarr({
        image: tv,
        config: lun('sonarr'),
        pod: {
          initContainers: [
            { name: 'prepare', image: 'registry.example.com/prepare:1' },
            { name: 'again', image: tv },
            { name: 'vpn', image: 'registry.example.com/vpn:1', restartPolicy: 'Always' },
          ],
          containers: [
            {
              name: 'metrics',
              image: 'registry.example.com/metrics:1',
              ports: [{ containerPort: 9707 }, { containerPort: 53, protocol: 'UDP' }],
              readinessProbe: { httpGet: { path: '/healthz', port: 9708 } },
            },
          ],
        },
      }),
    });
    expect(Object.keys(images).sort()).toEqual([
      tv,
      'registry.example.com/metrics:1',
      'registry.example.com/prepare:1',
      'registry.example.com/vpn:1',
    ]);
    expect(images['registry.example.com/prepare:1']?.entrypoint).toEqual(['/bin/true']);
    expect(images['registry.example.com/metrics:1']?.env).toMatchObject({
      APP_PORT: '9707:9708',
      APP_HEALTH_PATH: '/healthz',
      APP_DATABASES: '',
    });
    expect(images['registry.example.com/vpn:1']?.entrypoint).toEqual(['/usr/local/bin/media-app', 'serve']);
    expect(images[tv]?.env).toMatchObject({ APP_NAME: 'sonarr', APP_DATABASES: 'sonarr.db:logs.db' });
  });
});

describe('the image of Calibre-Web', () => {
  it('is named by the pinned version', () => {
    expect(calibreWebVersion()).toMatch(/^\d+\.\d+\.\d+$/);
    expect(calibreWebKey()).toMatch(/^[0-9a-f]{16}$/);
    const image = calibreWebImage({ busybox: 'busybox.tar', calibreWeb: 'calibre-web.tar' });
    expect(image.reference).toBe(`lab/calibre-web:${calibreWebVersion()}`);
    expect(image.layers).toEqual(['busybox.tar', 'calibre-web.tar']);
  });
});
