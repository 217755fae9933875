import { describe, expect, it } from 'vitest';
import { adviceSentence } from '../../../lib/core/advice';
import { planRetire, type RetireFacts } from '../../../lib/migration/plan/plan-retire';
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

  it('is approved for these very objects', () => {
    const digest = (one: RetireFacts) => planRetire([one]);
    expect(digest(facts())).toEqual(digest(facts()));
    expect(digest(facts())).not.toEqual(digest(facts({ claim: untyped({ metadata: { uid: 'other' } }) })));
  });

  it('goes on where one of the objects is gone already', () => {
    expect(planRetire([facts({ claim: undefined })])).toHaveProperty('digest');
  });

  const spec = (more: object) => ({ persistentVolume: untyped({ metadata: {}, spec: more }) });
  it.each<[string, object, RegExp]>([
    ['a pod uses it', { pods: [untyped({ metadata: { namespace: 'media', name: 'x' } })] }, /^Pod media\/x uses/],
    ['another app has it', { otherApps: ['sonarr'] }, /^apps.sonarr has claim old in its description as well/],
    [
      'its data would go with it',
      spec({ persistentVolumeReclaimPolicy: 'Delete' }),
      /^PersistentVolume old has the reclaim policy Delete: with its claim its data might go as well/,
    ],
    [
      'the volume is for another claim',
      spec({ persistentVolumeReclaimPolicy: 'Retain', claimRef: { name: 'old', namespace: 'home' } }),
      /^PersistentVolume old is for claim home\/old, expected claim media\/old$/,
    ],
    [
      'the claim is bound to another volume',
      { claim: untyped({ metadata: {}, spec: { volumeName: 'theirs' } }) },
      /^Claim media\/old is bound to PersistentVolume theirs, expected old$/,
    ],
    ['a class has made it', { volume: { kind: 'claim', name: 'old', size: '1Gi' } }, /^Claim old .*\bclass\b/],
  ])('is refused where %s', (_, more, reason) => {
    const { refusals = [] } = planRetire([facts(more)]);
    expect(refusals.map(adviceSentence)).toEqual([expect.stringMatching(reason)]);
  });
});
