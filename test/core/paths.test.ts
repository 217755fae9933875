import { expect, it } from 'vitest';
import { at } from '../../lib/core/paths';

it.each([
  [['apps', 'jellyfin', 'config', 1, 'lun'], 'apps.jellyfin.config[1].lun'],
  [['apps', 'home-assistant', 'image'], 'apps["home-assistant"].image'],
  [['mounts', '/media'], 'mounts["/media"]'],
  [[], ''],
] as const)('%j', (keys, path) => expect(at('', ...keys)).toBe(path));

it('extends a path', () => expect(at('apps.a', 'lun')).toBe('apps.a.lun'));
