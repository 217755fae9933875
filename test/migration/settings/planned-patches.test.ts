import { describe, expect, it } from 'vitest';
import { jellyfin } from '../../../lib/catalog';
import { patchLines, patchRefusals } from '../../../lib/migration/settings/planned-patches';
import { share } from '../../helpers';
import { probed } from '../facts';

const source = share('jellyfin-config');
const patches = jellyfin.facts.patches ?? [];
const holding = (path: string, behavior: string) => {
  const text = `<DatabaseConfigurationOptions><LockingBehavior>${behavior}</LockingBehavior></DatabaseConfigurationOptions>`;
  return { ...probed, texts: [{ path, base64: Buffer.from(text).toString('base64') }] };
};

describe('a setting that will be changed', () => {
  it.each(['database.xml', 'config/database.xml'])('is planned wherever the image keeps the file: %s', (path) => {
    const found = holding(path, 'Optimistic');
    expect(patchRefusals(source, found, patches)).toEqual([]);
    expect(patchLines(found, patches)).toEqual([
      `  ${path} says LockingBehavior Optimistic: on the new volume it will say NoLock`,
    ]);
  });

  it('refuses the move if its value is unknown', () => {
    const found = holding('database.xml', 'Default');
    expect(patchLines(found, patches)).toEqual([]);
    expect(patchRefusals(source, found, patches)).toEqual([
      {
        subject: '192.0.2.200:/volume1/jellyfin-config/database.xml',
        code: 'setting-unpatchable',
        found: 'says LockingBehavior "Default", expected NoLock or Pessimistic or Optimistic',
        remedy: expect.stringContaining('it has to say NoLock'),
      },
    ]);
  });

  it('is not planned if it is already right, or missing', () => {
    for (const found of [probed, holding('database.xml', 'NoLock')]) {
      expect([...patchLines(found, patches), ...patchRefusals(source, found, patches)]).toEqual([]);
    }
  });
});
