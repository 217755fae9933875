import { describe, expect, it } from 'vitest';
import { audiobookshelf, defineApp, sonarr } from '../../../lib/catalog';
import { defineCluster, liveCluster } from '../../../lib/cluster';
import type { MediaAppProps } from '../../../lib/workload';
import { describeApps, image, lun, problemsIn, problemsWith, untyped } from '../../helpers';

describe('the config of a catalog app', () => {
  it('is required', () => {
    // @ts-expect-error -- the type wants it as well
    const app = sonarr({ image });
    expect(problemsIn({ sonarr: app })).toMatchObject([
      { path: 'apps.sonarr.config', value: undefined, expected: "the volume of sonarr's settings" },
    ]);
  });

  it('is not required for a custom app', () => expect(problemsWith({})).toEqual([]));
});

describe('an unknown property', () => {
  const volume = lun('a');
  const cases: readonly (readonly [string, Partial<MediaAppProps>])[] = [
    ['imagee', { imagee: 'x' } as never],
    ['config.sise', { config: untyped({ ...volume, sise: 1 }) }],
    ['config[1].sise', { config: untyped([volume, { ...lun('b'), sise: 1 }]) }],
    [
      'config.secretRef.pasword',
      { config: untyped({ ...volume, chapAuthSession: true, secretRef: { name: 'a', pasword: 1 } }) },
    ],
    ['mounts["/a"].subpath', { mounts: { '/a': untyped({ volume, subpath: 'x' }) } }],
    ['mounts["/a"].volume.sise', { mounts: { '/a': untyped({ volume: { ...volume, sise: 1 } }) } }],
    ['ports.http.prot', { ports: { http: untyped({ port: 1, prot: 'TCP' }) } }],
    ['probes.starting', { probes: untyped({ starting: {} }) }],
    ['gpu.cuont', { gpu: untyped({ resource: 'a/b', cuont: 1 }) }],
    ['databases[0].pfad', { databases: untyped([{ path: 'a', engine: 'sqlite', pfad: 'b' }]) }],
    ['facts.stopp', { config: volume, facts: untyped({ ...sonarr.facts, stopp: {} }) }],
  ];

  it.each(cases)('is refused: %s', (path, props) => {
    expect(problemsWith(props)).toMatchObject([
      { path: `apps.app.${path}`, expected: 'no such property here', remedy: expect.stringContaining('spelling') },
    ]);
  });
});

describe('an error that otherwise only the compiler would find', () => {
  it.each([
    ['container.env as a map', { container: { env: { A: 'b' } } }, 'container.env'],
    ['container.volumeMounts as a map', { container: { volumeMounts: {} } }, 'container.volumeMounts'],
    ['pod.containers as a map', { pod: { containers: { a: {} } } }, 'pod.containers'],
    ['pod.volumes of words', { pod: { volumes: ['a'] } }, 'pod.volumes'],
    ['the env of a sidecar as a map', { pod: { containers: [{ name: 'a', env: {} }] } }, 'pod.containers[0].env'],
    ['strategy as a word', { strategy: 'Recreate' }, 'strategy'],
    ['a probe as a word', { probes: { liveness: 'none' } }, 'probes.liveness'],
    ['customize as data', { customize: {} }, 'customize'],
  ])('is a problem and no crash: %s', (_, props, path) => {
    expect(problemsWith(props as never)).toMatchObject([{ path: `apps.app.${path}` }]);
  });

  it('is checked in custom facts too', () => {
    const comics = defineApp(untyped({ name: 'comics', configPath: 'data', databases: [], ports: { http: 80 } }));
    const paths = problemsIn({ comics: comics({ image, config: lun('a') }) }).map(({ path }) => path);
    expect(paths).toEqual(['health', 'configPath', 'stop', 'storageTrouble'].map((key) => `apps.comics.facts.${key}`));
  });
});

it('reports all problems of an app at once, within its parts and between them', () => {
  const paths = problemsWith({
    image: 'app:latest',
    config: lun('a', { lun: 256, chapAuthSession: true }),
    mounts: { media: lun('b') },
    puid: 1,
    runAsUser: 1,
    env: { API_KEY: 'x' },
    replicas: -1,
    ports: { http: 80 },
    service: { ports: ['https'] },
    container: untyped({ image: 'x' }),
  }).map(({ path }) => path.replace('apps.app.', ''));
  expect(paths.sort()).toEqual(
    [
      'image',
      'config.lun',
      'config.secretRef',
      'mounts.media',
      'puid',
      'env.API_KEY',
      'replicas',
      'service.ports[0]',
      'container.image',
    ].sort(),
  );
});

describe('selector', () => {
  it('is kept together with additional pod labels', () => {
    expect(problemsWith({ selector: { app: 'a' }, podLabels: { app: 'a', tier: 'x' } })).toEqual([]);
  });

  it('can’t be contradicted by them', () => {
    expect(problemsWith({ selector: { app: 'a' }, podLabels: { app: 'b' } })).toMatchObject([
      { path: 'apps.app.podLabels.app', value: 'b', expected: 'the selector\'s value "a"' },
    ]);
    expect(problemsWith({ podLabels: { 'app.kubernetes.io/name': 'x' } })).toHaveLength(1);
  });

  it('finds something', () => {
    expect(problemsWith({ selector: {} })).toMatchObject([
      { path: 'apps.app.selector', expected: 'at least one label' },
    ]);
  });
});

describe('state that is lost with the pod', () => {
  const warnings = (props: Partial<MediaAppProps>) => {
    const app = { ...audiobookshelf({ image, config: lun('a') }), ...props };
    return liveCluster(defineCluster(describeApps({ app }))).warnings;
  };

  it('is a warning', () => {
    expect(warnings({})).toEqual([
      { path: 'apps.app.mounts', message: expect.stringMatching(/^audiobookshelf keeps state in \/metadata.*lost/) },
    ]);
  });

  it.each([
    ['a mount', { mounts: { '/metadata': lun('b') } }],
    ['a mount of `container`', { container: { volumeMounts: [{ name: 'a', mountPath: '/metadata', subPath: 'm' }] } }],
    ['a mount around it', { configPath: '/', databases: [] }],
  ])('is absent with %s', (_, props) => expect(warnings(props)).toEqual([]));
});
