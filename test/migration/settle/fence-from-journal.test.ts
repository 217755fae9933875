import { describe, expect, it } from 'vitest';
import type { Cutover } from '../../../lib/migration/journal/cutover';
import { type FenceFacts, fenceFromJournal } from '../../../lib/migration/settle/fence-from-journal';
import { inlineNfs } from '../../../lib/volumes';
import { resolveApp } from '../../../lib/workload/model';
import type { MediaAppProps } from '../../../lib/workload/props';
import { image, lun, share } from '../../helpers';

const [config, config2, config3] = [share('config'), lun('config-2'), lun('config-3')];
const [data, data2] = [share('data'), lun('data-2')];
const both: MediaAppProps = { image, config: [config, config2, config3], mounts: { '/data': [data, data2] } };

type Journal = Partial<FenceFacts['journal']>;
const fenceOf = (journal: Journal, props: MediaAppProps = both, live?: Record<string, string>) =>
  fenceFromJournal({
    app: 'app',
    model: resolveApp(props, { name: 'app', namespace: 'media', ...(live && { live }) }),
    journal: { live: {}, before: {}, retired: [], cutover: undefined, ...journal },
  });
const cutover = (phase: Cutover['phase'], ...volumes: Cutover['volumes']): Cutover => ({
  phase,
  at: '',
  replicas: 1,
  volumes,
});
const configTo = (from: string, to: string) => ({ mountPath: '/config', from, to });
const onSecond = { live: { '/config': 'config-2' }, before: { '/config': 'config' } };
const bothMoved = {
  live: { '/config': 'config-2', '/data': 'data-2' },
  before: { '/config': 'config', '/data': 'data' },
};

describe('the volumes that pods are kept from', () => {
  it.each<[string, Journal]>([
    ['nothing was begun', {}],
    ['an app that was never moved is started again', { cutover: cutover('restarted', configTo('config', 'config')) }],
    ['a first move was given up before the switch', { cutover: cutover('returning', configTo('config', 'config-2')) }],
  ])('are none if %s', (_, journal) => {
    expect(fenceOf(journal)).toBeUndefined();
  });

  it.each<[string, Journal, readonly string[], boolean]>([
    [
      'a first move has stopped the app',
      { cutover: cutover('stopping', configTo('config', 'config-3')) },
      ['config', 'config-2'],
      false,
    ],
    [
      'it has switched',
      { ...onSecond, cutover: cutover('switched', configTo('config', 'config-2')) },
      ['config', 'config-3'],
      false,
    ],
    ['it is over', onSecond, ['config', 'config-3'], true],
    [
      'it is being rolled back',
      { ...onSecond, cutover: cutover('rolling-back', configTo('config', 'config-2')) },
      ['config', 'config-2', 'config-3'],
      false,
    ],
    [
      'it is rolled back, and the app not started yet',
      {
        live: { '/config': 'config' },
        before: { '/config': 'config-2' },
        cutover: cutover('returning', configTo('config', 'config-2')),
      },
      ['config-2', 'config-3'],
      false,
    ],
    [
      'it is rolled back',
      { live: { '/config': 'config' }, before: { '/config': 'config-2' } },
      ['config-2', 'config-3'],
      true,
    ],
    [
      'it was rolled back, and is moved again',
      {
        live: { '/config': 'config' },
        before: { '/config': 'config-2' },
        cutover: cutover('stopping', configTo('config', 'config-2')),
      },
      ['config', 'config-3'],
      false,
    ],
    [
      'a second move has stopped the app',
      { ...onSecond, cutover: cutover('stopping', configTo('config-2', 'config-3')) },
      ['config', 'config-2'],
      false,
    ],
    [
      'a second move was undone before the switch',
      { ...onSecond, cutover: cutover('returning', configTo('config-2', 'config-3')) },
      ['config', 'config-3'],
      false,
    ],
    [
      'it is stopped to be restarted',
      { ...onSecond, cutover: cutover('restarting', configTo('config-2', 'config-2')) },
      ['config', 'config-2', 'config-3'],
      false,
    ],
    [
      'an app that was never moved is stopped to be restarted',
      { cutover: cutover('restarting', configTo('config', 'config')) },
      ['config', 'config-2', 'config-3'],
      false,
    ],
    [
      'it is started again',
      { ...onSecond, cutover: cutover('restarted', configTo('config-2', 'config-2')) },
      ['config', 'config-3'],
      false,
    ],
    ['both mounts were moved', bothMoved, ['config', 'config-3', 'data'], true],
    [
      'one was moved, and the other is being moved',
      { ...onSecond, cutover: cutover('stopping', { mountPath: '/data', from: 'data', to: 'data-2' }) },
      ['config', 'config-3', 'data'],
      false,
    ],
    [
      'both are moved at once',
      {
        cutover: cutover('stopping', configTo('config', 'config-3'), {
          mountPath: '/data',
          from: 'data',
          to: 'data-2',
        }),
      },
      ['config', 'config-2', 'data'],
      false,
    ],
    [
      'generations were retired',
      { live: { '/config': 'config-3' }, before: { '/config': 'config-2' }, retired: ['config'] },
      ['config', 'config-2'],
      true,
    ],
  ])('are all generations that may not be used if %s', (_, journal, claims, workloads) => {
    expect(fenceOf(journal)).toMatchObject({ app: 'app', namespace: 'media', claims, workloads });
  });

  it('include the folder and LUN of each', () => {
    const { server, path } = config;
    expect(fenceOf({ live: { '/config': 'config-3' }, before: { '/config': 'config-2' } })).toMatchObject({
      nfs: [{ server, path }],
      luns: [{ iqn: config2.iqn, lun: 1 }],
    });
  });

  it('include claims that only the journal names: retired, left, and under way', () => {
    const now = { live: { '/config': 'config-3' }, before: { '/config': 'config-2' }, retired: ['config'] };
    expect(fenceOf(now, { image, config: [config3] })).toMatchObject({
      claims: ['config-2', 'config'],
      nfs: [],
      luns: [],
    });
    const onItsWay = { cutover: cutover('stopping', configTo('config', 'config-3')) };
    expect(fenceOf(onItsWay, { image, config: [config3] })).toMatchObject({ claims: ['config'] });
  });

  it('follow the journal, whatever the lock file says', () => {
    expect(fenceOf(onSecond, both, { '/config': 'config' })).toMatchObject({ claims: ['config', 'config-3'] });
  });
});

describe('the volumes that pods may use', () => {
  const around = share('around', { path: '/volume1' });

  it.each<[string, MediaAppProps, Journal]>([
    [
      'around the one that is live',
      { image, config: [around, share('config-2', { path: '/volume1/config-2' })] },
      { live: { '/config': 'config-2' }, before: { '/config': 'around' } },
    ],
    [
      'around the live one of another mount',
      { image, config: [around, config2], mounts: { '/data': [data2, data] } },
      {
        live: { '/config': 'config-2', '/data': 'data' },
        before: { '/config': 'around', '/data': 'data-2' },
      },
    ],
    [
      'around one that was never moved',
      { image, config: [around, config2], mounts: { '/data': data } },
      { live: { '/config': 'config-2' }, before: { '/config': 'around' } },
    ],
    [
      'in one that the app mounts inline',
      {
        image,
        config: [config, config2],
        mounts: { '/media': inlineNfs({ server: config.server, path: '/volume1' }) },
      },
      { live: { '/config': 'config-2' }, before: { '/config': 'config' } },
    ],
  ])('is a folder %s: its claim alone is refused', (_, props, journal) => {
    const fence = fenceOf(journal, props);
    expect(fence?.claims).toHaveLength(journal.live?.['/data'] ? 2 : 1);
    expect(fence?.nfs).toEqual([]);
  });

  it('include a claim that the app left at one mount and uses at another', () => {
    const shared: MediaAppProps = {
      image,
      config: [config, config2],
      mounts: { '/data': { volume: config, subPath: 'data' } },
    };
    expect(fenceOf(onSecond, shared)).toBeUndefined();
    // But for the time that the app is stopped.
    const stopped = { cutover: cutover('stopping', configTo('config', 'config-2')) };
    expect(fenceOf(stopped, shared)?.claims).toEqual(['config']);
  });
});

describe('the message of a refusal', () => {
  const message = (journal: Journal) => fenceOf(journal)?.message ?? '';

  it('names each live claim with its mount, and what was left', () => {
    const said = message({ ...bothMoved, retired: ['config'] });
    for (const part of ['config-2 (/config)', 'data-2 (/data)', 'config (retired)', 'lunward status app']) {
      expect(said).toContain(part);
    }
  });

  it('is the same after the switch and after the move', () => {
    expect(message({ ...onSecond, cutover: cutover('switched', configTo('config', 'config-2')) })).toBe(
      message(onSecond),
    );
  });

  it('distinguishes a move from a rollback', () => {
    const volumes = configTo('config', 'config-2');
    expect(message({ cutover: cutover('stopping', volumes) })).toContain('is being moved by lunward');
    expect(message({ ...onSecond, cutover: cutover('rolling-back', volumes) })).toContain(
      'is being rolled back by lunward',
    );
    expect(message({ ...onSecond, cutover: cutover('stopped-on-target', volumes) })).toContain(
      'is kept stopped by lunward',
    );
  });
});
