import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { UserError } from '../../core/problems';
import type { SettingPatch } from '../../workload/facts';
import type { MediaAppProps } from '../../workload/props';

/**
 * The patch that a move makes in a file of this name. Copies of settings that are kept in Git lie in folders of their own, so
 * only the name identifies the file.
 *
 * @param apps of a description, which has this app
 * @throws UserError with the files that there are
 */
export function trackedPatch(
  apps: Readonly<Record<string, MediaAppProps>>,
  app: string,
  fileName: string,
): SettingPatch {
  const patches = apps[app]?.facts?.patches ?? [];
  if (patches.length === 0)
    throw new UserError(`App "${app}" has no setting that a move changes${othersWith(apps)}`, {
      category: 'usage',
      code: 'no-such-setting',
    });
  const [patch, ...more] = patches.filter((one) => path.posix.basename(one.path) === fileName);
  if (!patch) {
    throw new UserError(
      `A move of app "${app}" changes nothing in a file "${fileName}": expected ${fileNames(patches).join(' or ')}`,
      { category: 'usage', code: 'no-such-setting' },
    );
  }
  const other = more.find((one) => !isDeepStrictEqual(settingOf(one), settingOf(patch)));
  if (!other) return patch;
  throw new UserError(
    `App "${app}" has more than one file "${fileName}", and a move changes them differently: ${describe(patch)}, ${describe(other)}. Change this one by hand`,
    { category: 'usage', code: 'no-such-setting' },
  );
}

const settingOf = ({ element, from, to }: SettingPatch) => ({ element, from, to });

const describe = ({ path: file, element, to }: SettingPatch) => `in ${file} ${element.join('/')} becomes ${to}`;

const fileNames = (patches: readonly SettingPatch[]) => [
  ...new Set(patches.map((one) => path.posix.basename(one.path))),
];

function othersWith(apps: Readonly<Record<string, MediaAppProps>>): string {
  const others = Object.entries(apps).flatMap(([name, { facts }]) =>
    facts?.patches?.length ? [`${name} (${fileNames(facts.patches).join(', ')})`] : [],
  );
  return others.length > 0
    ? `; of this description it does in ${others.join(', ')}`
    : ', nor has any other of this description';
}
