import path from 'node:path';
import { expect, test } from 'vitest';
import { GROUPS, MACHINE_MINUTES } from '../../../tools/ci/minutes';
import { isTestFile, sourceFiles } from '../../../tools/ci/source-files';
import { labUnits } from '../../../tools/ci/units';

const root = path.join(__dirname, '../../..');
const files = sourceFiles(root, 'lab/test').filter(isTestFile);

test('every lab test file is in one unit', () => {
  expect(
    labUnits(root)
      .flatMap((unit) => unit.files)
      .sort(),
  ).toEqual(files);
});

test('tools/ci/minutes.ts has a row for each test file on machines, and no other row', () => {
  const onMachines = files.flatMap((file) => /^lab\/test\/lab\/(.*)\.test\.ts$/.exec(file)?.[1] ?? []);
  expect(Object.keys(MACHINE_MINUTES).sort()).toEqual(onMachines.sort());
});

test('groups name files that exist', () => {
  const named = Object.values(GROUPS).flatMap((group) => group.files);
  expect(files).toEqual(expect.arrayContaining(named));
});
