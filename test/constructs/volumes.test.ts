import { App, Chart, JsonPatch } from 'cdk8s';
import { Deployment, Volume as PlusVolume } from 'cdk8s-plus-28';
import { describe, expect, it } from 'vitest';
import * as constructs from '../../lib/constructs';
import { persistentKinds } from '../../lib/volumes';
import { image, refusal, untyped } from '../helpers';
import { persistentSamples } from '../volumes/samples';

const chart = (namespace?: string) => new Chart(new App(), 'mine', { namespace });
const { kind: _kind, ...settings } = persistentSamples.iscsi;

describe.each([
  ['iscsi', constructs.IscsiStaticVolume],
  ['nfs', constructs.NfsStaticVolume],
  ['smb', constructs.SmbStaticVolume],
  ['nfsCsi', constructs.NfsCsiStaticVolume],
  ['csi', constructs.CsiStaticVolume],
  ['democraticCsi', constructs.DemocraticCsiStaticVolume],
  ['local', constructs.LocalStaticVolume],
  ['claim', constructs.DynamicClaim],
] as const)('%s', (kind, Construct) => {
  const { kind: _, ...props } = persistentSamples[kind];

  it('works alone, with claim and volume in the right order', () => {
    const mine = chart('media');
    const volume = new Construct(mine, 'data', props as never);
    const { persistentVolume, persistentVolumeClaim } = persistentKinds[kind];
    const expected = [
      persistentVolume(persistentSamples[kind] as never, 'media'),
      persistentVolumeClaim(persistentSamples[kind] as never, 'media'),
    ].filter(Boolean);
    expect(mine.toJson()).toEqual(expected);
    expect(volume.claimName).toBe('data');
    expect(volume.persistentVolumeClaim?.metadata.namespace).toBe('media');
    expect(volume.persistentVolume?.metadata.namespace).toBeUndefined();
  });
});

it('has a construct for every kind except an existing claim', () => {
  const names = Object.keys(constructs).filter((name) => /StaticVolume$|^DynamicClaim$/.test(name));
  expect(names).toHaveLength(Object.keys(persistentKinds).length - 1);
});

describe('a volume', () => {
  it('prefers the namespace of its props to that of its chart', () => {
    const mine = chart('media');
    new constructs.IscsiStaticVolume(mine, 'data', { ...settings, namespace: 'tv' });
    const [volume, claim] = mine.toJson();
    expect([volume.spec.claimRef.namespace, claim.metadata.namespace]).toEqual(['tv', 'tv']);
  });

  it('needs a namespace', () => {
    expect(() => new constructs.IscsiStaticVolume(chart(), 'data', settings)).toThrow(
      /"mine\/data" has no namespace.*in its props.*Chart with/,
    );
  });

  it('reports all problems of its props at once', () => {
    const wrong = { ...settings, lun: 256, targetPortal: 'nas', sise: 1 };
    const error = refusal(() => new constructs.IscsiStaticVolume(chart('media'), 'data', wrong));
    expect(error.subject).toBe('Volume "mine/data"');
    expect(error.problems.map(({ path }) => path)).toEqual(['targetPortal', 'lun', 'sise']);
  });

  it('refuses an unknown kind', () => {
    const error = refusal(() => new constructs.Volume(chart('media'), 'data', untyped({ kind: 'floppy' })));
    expect(error.problems).toMatchObject([{ expected: expect.stringContaining('iscsi({…}), nfs({…})') }]);
  });

  it('can be mounted in two Deployments of cdk8s-plus', () => {
    const mine = chart('media');
    const volume = new constructs.IscsiStaticVolume(mine, 'data', settings);
    for (const id of ['one', 'two']) {
      new Deployment(mine, id, {
        containers: [
          {
            image,
            volumeMounts: [
              { path: '/data', volume: PlusVolume.fromPersistentVolumeClaim(mine, `${id}-data`, volume.asClaim()) },
            ],
          },
        ],
      });
    }
    const deployments = mine.toJson().filter(({ kind }) => kind === 'Deployment');
    expect(deployments.map(({ spec }) => spec.template.spec.volumes[0].persistentVolumeClaim.claimName)).toEqual([
      'data',
      'data',
    ]);
  });

  it('has objects that can be patched', () => {
    const mine = chart('media');
    const volume = new constructs.NfsStaticVolume(mine, 'data', {
      name: 'data',
      server: 'nas',
      path: '/a',
      size: '1Gi',
    });
    volume.persistentVolume?.addJsonPatch(JsonPatch.add('/spec/nfs/readOnly', true));
    expect(mine.toJson()[0].spec.nfs.readOnly).toBe(true);
  });
});
