import { describe, expect, it } from 'vitest';
import { planRetire, type RetireFacts } from '../../../lib/migration/plan/plan-retire';
import { expectAdvice, type Told } from '../../expect-advice';
import { lun, share, untyped } from '../../helpers';
import { entry } from '../facts';

const facts = (more: object = {}): RetireFacts => ({
  app: 'jellyfin',
  mountPath: '/config',
  volume: share('old'),
  name: 'old',
  namespace: 'media',
  live: 'new',
  claim: untyped({ metadata: { uid: 'c' }, spec: { volumeName: 'old' } }),
  persistentVolume: untyped({
    metadata: { uid: 'v' },
    spec: { persistentVolumeReclaimPolicy: 'Retain', claimRef: { name: 'old', namespace: 'media' } },
  }),
  pods: [],
  otherApps: [],
  ...more,
});

describe('a plan to retire', () => {
  it.each([
    [
      'a folder that the app has left',
      facts(),
      [
        'jellyfin: /config is on claim new; PersistentVolume old and claim media/old leave the cluster',
        '  /volume1/old of NFS server 192.0.2.200 keeps all that it holds, what jellyfin had when its data was moved away; "lunward rollback" does not lead there any more',
      ],
    ],
    [
      'a LUN that the app was taken back from',
      facts({ volume: lun('lun'), name: 'old', latest: { ...entry('rolled-back'), manifest: 'm' } }),
      [
        'jellyfin: /config is on claim new; PersistentVolume old and claim media/lun leave the cluster',
        expect.stringMatching(
          /lun.* keeps all that it holds, what jellyfin wrote there until it was rolled back at 2026/,
        ),
      ],
    ],
  ])('says what becomes of %s', (_, one, lines) => {
    const isLun = one.volume.kind === 'iscsi';
    const persistentVolume = { metadata: {}, spec: { persistentVolumeReclaimPolicy: 'Retain' } };
    expect(planRetire([isLun ? { ...one, persistentVolume: untyped(persistentVolume) } : one])).toMatchObject({
      lines,
    });
  });

  it('is approved for exactly these objects', () => {
    const digest = (one: RetireFacts) => planRetire([one]);
    expect(digest(facts())).toEqual(digest(facts()));
    expect(digest(facts())).not.toEqual(digest(facts({ claim: untyped({ metadata: { uid: 'other' } }) })));
  });

  it('continues if one of the objects is already gone', () => {
    expect(planRetire([facts({ claim: undefined })])).toHaveProperty('digest');
  });

  const spec = (more: object) => ({ persistentVolume: untyped({ metadata: {}, spec: more }) });
  it.each<[string, object, Told]>([
    [
      'a pod uses it',
      { pods: [untyped({ metadata: { namespace: 'media', name: 'x' } })] },
      ['volume-in-use', 'Pod media/x', 'claim old'],
    ],
    ['another app has it', { otherApps: ['sonarr'] }, ['claim-shared', 'apps.sonarr', 'claim old']],
    [
      'its data would go with it',
      spec({ persistentVolumeReclaimPolicy: 'Delete' }),
      ['reclaim-policy', 'PersistentVolume old', 'Delete'],
    ],
    [
      'the volume is for another claim',
      spec({ persistentVolumeReclaimPolicy: 'Retain', claimRef: { name: 'old', namespace: 'home' } }),
      ['volume-of-other-claim', 'PersistentVolume old', 'home/old', 'expected', 'media/old'],
    ],
    [
      'the claim is bound to another volume',
      { claim: untyped({ metadata: {}, spec: { volumeName: 'theirs' } }) },
      ['claim-bound-elsewhere', 'Claim media/old', 'PersistentVolume theirs', 'expected', 'old'],
    ],
    [
      'a class has made it',
      { volume: { kind: 'claim', name: 'old', size: '1Gi' } },
      ['claim-not-ours', 'Claim old', 'storage class'],
    ],
  ])('is refused where %s', (_, more, expected) => {
    expectAdvice(planRetire([facts(more)]).refusals, [expected]);
  });
});
