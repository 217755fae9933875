import { describe, expect, it } from 'vitest';
import { jellyfin } from '../../../lib/catalog';
import { patchSetting } from '../../../lib/migration/settings/patch-setting';
import type { SettingPatch } from '../../../lib/workload/facts';

const patch = jellyfin.facts.patches?.[0] as SettingPatch;
const file = (content: string) => `\ufeff<?xml version="1.0" encoding="utf-8"?>\r
<DatabaseConfigurationOptions xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\r
  <DatabaseType>Jellyfin-SQLite</DatabaseType>\r
${content}</DatabaseConfigurationOptions>`;

describe('a setting of Jellyfin', () => {
  it.each(['Pessimistic', 'Optimistic'])('is changed from %s, and everything else stays', (was) => {
    const text = file(`  <LockingBehavior>\n${was} </LockingBehavior>\r\n`);
    expect(patchSetting(text, patch)).toEqual({ was, text: text.replace(was, 'NoLock') });
  });

  it.each([
    ['says so already', '<LockingBehavior>NoLock</LockingBehavior>'],
    ['is not there', ''],
    ['is commented out', '<!-- <LockingBehavior>Pessimistic</LockingBehavior> -->'],
    ['is another element’s', '<Custom><LockingBehavior>Pessimistic</LockingBehavior></Custom>'],
  ])('stays if it %s', (_, content) => {
    expect(patchSetting(file(content), patch)).toEqual({ text: file(content) });
  });

  it.each([
    [
      'a value nobody knows',
      file('<LockingBehavior>Default</LockingBehavior>'),
      'says LockingBehavior "Default", expected NoLock or',
    ],
    ['no value', file('<LockingBehavior/>'), 'says LockingBehavior "", expected'],
    [
      'two of them',
      file('<LockingBehavior>NoLock</LockingBehavior><LockingBehavior>Optimistic</LockingBehavior>'),
      'says LockingBehavior 2 times',
    ],
    [
      'a comment that looks the same',
      file('<!--<LockingBehavior>Optimistic</LockingBehavior>--><LockingBehavior>Optimistic</LockingBehavior>'),
      'in a form that is not known',
    ],
    ['half a file', file('<Locking').slice(0, -10), 'is no XML: '],
    ['an empty file', '', 'is no XML: '],
  ])('is not touched with %s', (_, text, problem) => {
    expect(patchSetting(text, patch)).toEqual({ problem: expect.stringContaining(problem) });
  });
});
