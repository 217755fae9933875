import { expect, it } from 'vitest';
import { fencedVolumes } from '../../../lib/migration/cutover/fenced-volumes';
import { resolveApp } from '../../../lib/workload/model';
import { image, lun, share } from '../../helpers';

const [folder, second, third] = [share('config'), lun('config-2'), lun('config-3')];
const model = resolveApp({ image, config: [folder, second, third] }, { name: 'app', namespace: 'media' });
const { server, path } = folder;

it('includes every generation that pods may not use', () => {
  expect(fencedVolumes(model, ['/config'], [third])).toEqual({
    claims: ['config', 'config-2'],
    nfs: [{ server, path }],
    luns: [{ iqn: second.iqn, lun: 1 }],
  });
  expect(fencedVolumes(model, ['/other'], [])).toEqual({ claims: [], nfs: [], luns: [] });
});

it('leaves out a parent folder of the live one', () => {
  const inside = share('config-2', { path: `${path}/inside` });
  const nested = resolveApp({ image, config: [folder, inside] }, { name: 'app', namespace: 'media' });
  expect(fencedVolumes(nested, ['/config'], [inside])).toEqual({ claims: ['config'], nfs: [], luns: [] });
});
