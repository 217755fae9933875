import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeclineCode } from '../../../lib/scripts/decline-codes';
import { runLibraries } from '../run-libraries';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lunward-able-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What a script reports of a folder. @param server functions that do what a server does that maps users */
const reported = (server = '') =>
  JSON.parse(
    runLibraries(
      ['undo', 'report', 'mount-nfs', 'able'],
      [`target=${folder} target_name=192.0.2.200:/volume1/config`, server, 'require_able; report unchanged'],
    ),
  );

// Only root may give files to others.
describe.skipIf(process.getuid?.() !== 0)('a target folder', () => {
  it('accepts files of any owner, and no test file is left', () => {
    expect(reported()).toMatchObject({ result: 'unchanged' });
    expect(existsSync(join(folder, '.lunward/try'))).toBe(false);
  });

  it('is tested again if a killed run left its test files', () => {
    runLibraries([], [`mkdir -p ${folder}/.lunward/try/own; touch ${folder}/.lunward/try/own/file`]);
    expect(reported()).toMatchObject({ result: 'unchanged' });
  });

  it.each<[string, DeclineCode, string]>([
    ['root to nobody, who may not give files away', 'owners-mapped', 'chown() { return 1; }'],
    ['everyone to root, who may do everything', 'users-mapped', 'make_as() { touch "$3"; }'],
    [
      'users to one who has no rights in the folder of another',
      'users-mapped',
      'make_as() { setpriv --reuid 65534 --regid 65534 --clear-groups touch "$3"; }',
    ],
  ])('is refused if the server maps %s', (_, code, server) => {
    expect(reported(server)).toMatchObject({
      result: 'declined',
      code,
      reason: expect.stringContaining('192.0.2.200:/volume1/config'),
    });
    expect(existsSync(join(folder, '.lunward/try'))).toBe(false);
  });

  it('is refused with each mapping that may be to blame, if a file of root belongs to another', () => {
    const { reason } = reported('chown() { return 1; }');
    for (const option of ['no_root_squash', 'no_all_squash']) expect(reason).toContain(option);
  });

  it.each([
    ['root to nobody', 'chown() { return 1; }', 'krb5'],
    ['users without a ticket to nobody', 'make_as() { return 1; }', 'krb5p'],
  ])('is refused for Kerberos, not for all_squash, if that maps %s', (_, server, sec) => {
    const mounted = `mount_line() { printf '\\trw,vers=4.2,sec=${sec},local_lock=none'; }`;
    expect(reported(`${mounted}; ${server}`)).toMatchObject({
      result: 'declined',
      code: 'kerberos',
      reason: expect.stringContaining(`(sec=${sec})`),
    });
    expect(existsSync(join(folder, '.lunward/try'))).toBe(false);
  });

  it('may use Kerberos if its users can create files', () => {
    expect(reported("mount_line() { printf '\\trw,sec=krb5'; }")).toMatchObject({ result: 'unchanged' });
  });
});
