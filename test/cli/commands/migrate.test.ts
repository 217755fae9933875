import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { migrate } from '../../../lib/cli/commands/migrate';
import { Migrator } from '../../../lib/migration/migrator';
import type { RemarkedPlan } from '../../../lib/migration/plan/remarked-plan';
import { type ApprovalOptions, PlanRefused } from '../../../lib/migration/use-cases/execute';
import { untyped } from '../../helpers';

const planned: RemarkedPlan = {
  planned: untyped({
    digest: 'abc',
    plan: { app: 'app', volume: 'config-2', attempt: { attempt: 1, uuid: 'u' }, target: {}, steps: [], remarks: [] },
  }),
  remarks: [],
};
const begun: string[] = [];
let work: (app: string, options: ApprovalOptions) => Promise<object>;

beforeEach(() => {
  begun.length = 0;
  for (const method of ['log', 'error'] as const) vi.spyOn(console, method).mockImplementation(() => {});
  vi.spyOn(Migrator, 'open').mockResolvedValue(
    untyped({
      planMigration: async () => [planned],
      migrate: (app: string, options: ApprovalOptions) => {
        begun.push(app);
        return work(app, options);
      },
    }),
  );
});
afterEach(() => vi.restoreAllMocks());

const both = () => migrate(['one', 'two'], { file: 'cluster.ts', approve: ['abc'] });

it('moves one app after the other', async () => {
  work = async () => ({ result: 'unchanged' });
  await both();
  expect(begun).toEqual(['one', 'two']);
});

it('starts no further app after Ctrl-C, even if the current app had no safe point left', async () => {
  work = async () => {
    process.emit('SIGINT', 'SIGINT');
    return { result: 'unchanged' };
  };
  await expect(both()).rejects.toMatchObject({ code: 'interrupted', message: expect.stringContaining('two') });
  expect(begun).toEqual(['one']);
});

it('moves the next app even if the report of a move can’t be written', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lunward-report-'));
  // A file is in the place of the folder.
  writeFileSync(join(folder, 'lunward-reports'), '');
  work = async () => ({ result: 'moved', moved: { app: 'one', volumes: [], parts: [] } });
  await migrate(['one', 'two'], { file: join(folder, 'cluster.ts'), approve: ['abc'] });
  rmSync(folder, { recursive: true });
  expect(begun).toEqual(['one', 'two']);
  expect(vi.mocked(console.log)).toHaveBeenCalledWith(expect.stringContaining('could not be written'));
});

it('stops at the first app that fails', async () => {
  work = async () => {
    throw new Error('no');
  };
  await expect(both()).rejects.toThrow('no');
  expect(begun).toEqual(['one']);
});

it('says why an app is refused that was not refused when its plan was approved', async () => {
  work = async (app) => {
    if (app === 'one') return { result: 'unchanged' };
    throw new PlanRefused([
      { planned: { refusals: [{ code: 'node-unreachable', subject: 'node-b', found: 'is off' }] }, remarks: [] },
    ]);
  };
  await expect(both()).rejects.toMatchObject({ code: 'plan-refused', message: expect.stringContaining('is off') });
});
