import { describe, expect, it } from 'vitest';
import { fencedVolumes } from '../../../lib/migration/settle/fenced-volumes';
import { resolveApp } from '../../../lib/workload/model';
import { image, lun, share } from '../../helpers';

const [folder, second, third] = [share('config'), lun('config-2'), lun('config-3')];
const model = resolveApp({ image, config: [folder, second, third] }, { name: 'app', namespace: 'media' });
const { server, path } = folder;

it('includes every generation that pods may not use', () => {
  expect(fencedVolumes(model, { mountPaths: ['/config'], used: [third] })).toEqual({
    claims: ['config', 'config-2'],
    nfs: [{ server, path }],
    luns: [{ iqn: second.iqn, lun: 1 }],
  });
  expect(fencedVolumes(model, { mountPaths: ['/other'], used: [] })).toEqual({ claims: [], nfs: [], luns: [] });
});

describe('with a line of the description that is wrong', () => {
  const real = { nfs: [{ server, path: '/volume1/real' }] };

  it('has the folder where it is, and not where it is described', () => {
    const places = new Map([['config', [real]]]);
    expect(fencedVolumes(model, { mountPaths: ['/config'], used: [third], places }).nfs).toEqual(real.nfs);
  });

  it('has none of which it is not known where it is', () => {
    const places = new Map([['config', []]]);
    expect(fencedVolumes(model, { mountPaths: ['/config'], used: [third], places })).toMatchObject({
      claims: ['config', 'config-2'],
      nfs: [],
    });
  });

  it('has the folder of a claim that is not described, unless that is around one that may be used', () => {
    const places = new Map([['gone', [real]]]);
    const fenced = (path: string) =>
      fencedVolumes(model, { mountPaths: [], used: [share('live', { path })], left: ['gone'], places });
    expect(fenced('/volume1/live')).toEqual({ claims: ['gone'], nfs: real.nfs, luns: [] });
    expect(fenced('/volume1/real/inside')).toEqual({ claims: ['gone'], nfs: [], luns: [] });
  });

  it('leaves out a folder around the place where one that may be used is', () => {
    const places = new Map([['live', [{ nfs: [{ server, path: `${path}/inside` }] }]]]);
    const used = [share('live', { path: '/volume1/wrong' })];
    expect(fencedVolumes(model, { mountPaths: ['/config'], used, places }).nfs).toEqual([]);
  });
});

it('leaves out a parent folder of the live one', () => {
  const inside = share('config-2', { path: `${path}/inside` });
  const nested = resolveApp({ image, config: [folder, inside] }, { name: 'app', namespace: 'media' });
  expect(fencedVolumes(nested, { mountPaths: ['/config'], used: [inside] })).toEqual({
    claims: ['config'],
    nfs: [],
    luns: [],
  });
});
