import type { Advice } from '../../core/advice';
import type { ProbedSource } from '../../scripts/copy/probe-source';
import { type DataVolume, describeStorage, movable } from '../../storage/registry';
import type { SettingPatch } from '../../workload/facts';
import { type Patched, patchSetting } from './patch-setting';

interface PlannedPatch {
  readonly patch: SettingPatch;
  readonly patched: Patched;
}

/** The patches of files that are there. An image of another family keeps the file elsewhere, an older one has none. */
function plannedPatches({ texts }: ProbedSource, patches: readonly SettingPatch[]): PlannedPatch[] {
  return patches.flatMap((patch) => {
    const found = texts.find(({ path }) => path === patch.path);
    return found ? [{ patch, patched: patchSetting(Buffer.from(found.base64, 'base64').toString(), patch) }] : [];
  });
}

/** A setting that can't be changed as it must be is known before anything is stopped for it. */
export function patchRefusals(source: DataVolume, found: ProbedSource, patches: readonly SettingPatch[]): Advice[] {
  return plannedPatches(found, patches).flatMap(({ patch: { path, to }, patched: { problem } }) =>
    problem === undefined
      ? []
      : [
          {
            code: 'setting-unpatchable',
            subject: movable(source).isShare
              ? `${describeStorage(source)}/${path}`
              : `${path} on ${describeStorage(source)}`,
            found: problem,
            remedy: `on a block device it has to say ${to}: write there what the app knows, and start it once, before it is moved`,
          },
        ],
  );
}

/** Lines for a person: what will be another setting. */
export function patchLines(found: ProbedSource, patches: readonly SettingPatch[]): string[] {
  return plannedPatches(found, patches).flatMap(({ patch, patched }) =>
    patched.problem === undefined && patched.was !== undefined
      ? [`  ${patch.path} says ${patch.element.at(-1)} ${patched.was}: on the new volume it will say ${patch.to}`]
      : [],
  );
}
