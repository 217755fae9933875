import { describe, expect, it } from 'vitest';
import { journalContent } from '../../../lib/migration/journal/content';
import { contentOfVersion1 } from '../../../lib/migration/journal/version-1';

const entry = { at: 't', attempt: 2, state: 'sealed', uuid: 'u', node: 'node-a', digest: 'd', manifest: 'm' };
const read = (more: object, rest: object = {}) =>
  contentOfVersion1
    .pipe(journalContent)
    .safeParse({ version: 1, volumes: { config: [{ ...entry, ...more }] }, ...rest });

describe('a journal of version 1', () => {
  it.each<[string, object, object]>([
    ['a disk', { wwn: '0x6001', bytes: 8 }, { target: { kind: 'iscsi', wwn: '0x6001', bytes: 8 } }],
    [
      'a folder, which it had as a disk of no size',
      { wwn: '192.0.2.200:/volume1/config', bytes: 0 },
      { target: { kind: 'nfs', server: '192.0.2.200', path: '/volume1/config' } },
    ],
    [
      'a folder of a server with an IPv6 address',
      { wwn: '[2001:db8::1]:/volume1/a:/b', bytes: 0 },
      { target: { kind: 'nfs', server: '[2001:db8::1]', path: '/volume1/a:/b' } },
    ],
    [
      'a disk that data came from',
      { wwn: '0x6001', bytes: 8, source: { wwn: '0x6002', bytes: 4, uuid: 's', attempt: 1 } },
      {
        target: { kind: 'iscsi', wwn: '0x6001', bytes: 8 },
        source: { place: { kind: 'iscsi', wwn: '0x6002', bytes: 4 }, uuid: 's', attempt: 1 },
      },
    ],
  ])('is read with %s', (_, recorded, expected) => {
    expect(read(recorded).data?.volumes).toEqual({ config: [{ ...entry, ...expected }] });
  });

  it.each([
    ['given up before it was sealed', { attempt: 2 }, 'abandoned'],
    ['rolled back from', { manifest: 'm', remarked: true, neverLive: true }, 'rolled-back'],
    ['sealed, which was never recorded', { neverLive: true }, 'rolled-back'],
  ])('distinguishes what it called burnt: %s', (_, more, state) => {
    expect(
      read({ wwn: '0x6001', bytes: 8, state: 'burnt', manifest: undefined, ...more }).data?.volumes.config,
    ).toEqual([expect.objectContaining({ ...more, state })]);
  });

  it('keeps everything else', () => {
    const rest = {
      live: { '/config': 'config-2' },
      before: { '/config': 'config' },
      retired: ['config-0'],
      cutover: { phase: 'done', at: 't', replicas: 1, volumes: [{ mountPath: '/config', from: 'a', to: 'b' }] },
    };
    expect(read({ wwn: '0x6001', bytes: 8 }, rest).data).toMatchObject({
      version: 2,
      ...rest,
      cutover: { ...rest.cutover, phase: 'switched' },
    });
  });

  it.each([
    ['stop', 'config', 'stopping'],
    ['stop', 'config-2', 'rolling-back'],
    ['done', 'config-2', 'switched'],
    ['back', 'config', 'returning'],
  ])('has phase %s while %s is live, which is %s', (phase, live, expected) => {
    const volumes = [{ mountPath: '/config', from: 'config', to: 'config-2' }];
    const rest = { live: { '/config': live }, cutover: { phase, at: 't', replicas: 1, volumes } };
    expect(read({ wwn: '0x6001', bytes: 8 }, rest).data?.cutover?.phase).toBe(expected);
  });

  it.each<[string, object]>([
    ['a disk of no size', { wwn: '0x6001', bytes: 0 }],
    ['no name of a disk', { bytes: 8 }],
    ['a state that there never was', { wwn: '0x6001', bytes: 8, state: 'perhaps' }],
  ])('is not read with %s', (_, recorded) => {
    expect(read(recorded).success).toBe(false);
  });
});
