import { describe, expect, it } from 'vitest';
import { sonarr } from '../../lib/catalog';
import { defineCluster, emptyLock, liveCluster, parseLock } from '../../lib/cluster';
import type { Lock } from '../../lib/cluster/lock';
import { describeApps, image, lun, podWith, refusal, share } from '../helpers';

const config = [share('old'), lun('new')];
const cluster = defineCluster(describeApps({ sonarr: sonarr({ image, config }) }));
const lock = (live: Lock['live']): Lock => ({ version: 1, live });

describe('parseLock', () => {
  it('reads what was written', () => {
    const content = lock({ sonarr: { '/config': 'new' } });
    expect(parseLock(JSON.stringify(content))).toEqual(content);
  });

  it.each([
    ['broken JSON', '{', '(file)', 'JSON', 'restore the file from Git'],
    ['nothing', '', '(file)', 'JSON', 'do not delete it'],
    ['another version', '{"version":2,"live":{}}', 'version', '1', 'a newer version of lunward'],
    ['no version', '{"live":{}}', 'version', '1', 'newer version'],
    ['no live', '{"version":1}', 'live', 'an object', ''],
    ['a name that is none', '{"version":1,"live":{"a":{"/config":1}}}', 'live.a["/config"]', 'the name of a claim', ''],
    ['a slip', '{"version":1,"live":{},"lvie":{}}', 'lvie', 'no such property here', ''],
    ['a list', '[]', '(all of it)', 'an object', ''],
  ])('refuses %s', (_, content, path, expected, remedy) => {
    const { message } = refusal(() => parseLock(content, 'home/lunward.lock.json'));
    expect(message).toMatch(/^home\/lunward\.lock\.json has 1 problem:/);
    expect(message).toContain(`${path}: expected ${expected}`);
    expect(message).toContain(remedy);
  });
});

describe('the live generation', () => {
  const live = (choice: Lock) => liveCluster(cluster, choice).apps.sonarr?.mounts[0]?.volume;

  it('is the first one without a lock file', () => {
    expect(live(emptyLock)).toBe(config[0]);
    expect(liveCluster(cluster).apps.sonarr?.mounts[0]?.volume).toBe(config[0]);
  });

  it('is the one that the lock file names', () => {
    expect(live(lock({ sonarr: { '/config': 'new' } }))).toBe(config[1]);
    expect(live(lock({ sonarr: { '/config': 'old' } }))).toBe(config[0]);
  });

  it('stays the same if a line is added, or one that is not live is deleted', () => {
    const choice = lock({ app: { '/config': 'new' } });
    const names = (list: typeof config) => podWith({ config: list }, {}, choice).volumes?.[0]?.persistentVolumeClaim;
    const third = lun('third');
    for (const list of [config, [...config, third], config.slice(1), [...config.slice(1), third]]) {
      expect(names(list)).toEqual({ claimName: 'new' });
    }
    expect(podWith({ config: lun('new') }, {}, choice).volumes?.[0]?.persistentVolumeClaim?.claimName).toBe('new');
  });

  it('is never a retired one', () => {
    const edited: Lock = { ...lock({ sonarr: { '/config': 'new' } }), retired: { sonarr: ['new'] } };
    const { message } = refusal(() => live(edited));
    expect(message).toContain('live.sonarr["/config"]: expected a generation that is not retired');
  });

  it('can be recorded for any mount', () => {
    const mounts = { '/data': { volume: [share('a'), lun('b')], readOnly: true } };
    const pod = podWith({ mounts }, {}, lock({ app: { '/data': 'b' } }));
    expect(pod.volumes?.[0]?.persistentVolumeClaim?.claimName).toBe('b');
  });

  it('must be described, or synth would give the app another volume', () => {
    const error = refusal(() => liveCluster(cluster, lock({ sonarr: { '/config': 'gone' } })));
    expect(error.subject).toBe('lunward.lock.json');
    expect(error.problems).toEqual([
      {
        path: 'live.sonarr["/config"]',
        value: 'gone',
        expected: 'a generation that is described: "old", "new"',
        remedy: 'the data is on "gone": put its line back into the description of apps.sonarr',
      },
    ]);
  });

  it('must be mounted at the path in the lock file', () => {
    const error = refusal(() => liveCluster(cluster, lock({ sonarr: { '/data': 'new' } })));
    expect(error.problems).toMatchObject([
      { path: 'live.sonarr["/data"]', expected: expect.stringContaining('a mount path') },
    ]);
  });

  it.each(['radarr', 'constructor'])('of an app that is not described causes a warning: %s', (name) => {
    expect(liveCluster(cluster, lock({ [name]: { '/config': 'x' } })).warnings).toContainEqual({
      path: `live.${name}`,
      message: expect.stringContaining('no such app'),
    });
  });
});
