import { App, Chart } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { IscsiStaticVolume, MediaApp } from '../../lib/constructs';
import type { IscsiStaticVolumeProps } from '../../lib/volumes/iscsi';
import { image, lun, refusal, share } from '../helpers';

const chart = () => new Chart(new App(), 'mine', { namespace: 'media', labels: { team: 'home' } });
const named = (mine: Chart) =>
  mine
    .toJson()
    .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
    .filter((name) => name.startsWith('Persistent'));
const library = (more = {}) => ({ '/media': { volume: share('library', more), readOnly: true } });
const app = (mine: Chart, id: string, more = {}) => new MediaApp(mine, id, { image, mounts: library(more) });
const { kind: _, ...props } = lun('data');
const volume = (mine: Chart, id: string, more: Partial<IscsiStaticVolumeProps> = {}) =>
  new IscsiStaticVolume(mine, id, { ...props, ...more });

describe('a volume that two constructs in one chart use', () => {
  it('is made once, and both apps mount it', () => {
    const mine = chart();
    const apps = [app(mine, 'tv'), app(mine, 'music')];
    expect(named(mine)).toEqual(['PersistentVolume library', 'PersistentVolumeClaim library']);
    expect(apps[1]?.volumes).toEqual(apps[0]?.volumes);
    expect(apps[1]?.volumes).toHaveLength(2);
  });

  it('has no app’s label', () => {
    const mine = chart();
    app(mine, 'tv');
    const labels = () => mine.toJson()[0].metadata.labels;
    expect(labels()).toEqual({ team: 'home', 'app.kubernetes.io/name': 'tv' });
    app(mine, 'music');
    expect(labels()).toEqual({ team: 'home' });
  });

  it('keeps the labels that the user gave it', () => {
    const mine = chart();
    for (const id of ['tv', 'music']) app(mine, id, { labels: { tier: 'media' } });
    expect(mine.toJson()[0].metadata.labels).toEqual({ team: 'home', tier: 'media' });
  });

  it('is made once, whether an app or a volume construct makes it', () => {
    const mine = chart();
    const first = volume(mine, 'first');
    new MediaApp(mine, 'tv', { image, config: lun('data') });
    const last = volume(mine, 'last');
    expect(named(mine)).toEqual(['PersistentVolume data', 'PersistentVolumeClaim data']);
    expect(last.persistentVolume).toBe(first.persistentVolume);
  });

  it('is refused with other props, and both constructs are named', () => {
    const mine = chart();
    app(mine, 'tv');
    const error = refusal(() => app(mine, 'music', { path: '/volume1/other' }));
    expect(error.subject).toContain('mine/music');
    expect(error.problems).toMatchObject([
      { path: 'PersistentVolume library', expected: expect.stringContaining('"mine/tv"') },
    ]);
  });

  it('is refused if only the PersistentVolumes have the same name', () => {
    const mine = chart();
    volume(mine, 'one', { volumeName: 'pv' });
    const error = refusal(() => volume(mine, 'two', { name: 'other', volumeName: 'pv' }));
    expect(error.problems).toMatchObject([{ path: 'PersistentVolume pv' }]);
  });

  it('is made once in each of two charts', () => {
    const root = new App();
    const charts = ['a', 'b'].map((id) => new Chart(root, id, { namespace: 'media' }));
    for (const one of charts) app(one, 'tv');
    expect(charts.flatMap(named)).toHaveLength(4);
  });
});
