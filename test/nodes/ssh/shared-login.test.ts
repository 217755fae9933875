import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SharedLogin } from '../../../lib/nodes/ssh/shared-login';

const root = path.join(__dirname, '../../..');
/** Stands in for an ssh that a node lets in, refuses, or lets do something else than what was asked for. */
const SSH = `#!/bin/sh
here=\${0%/*}
echo began >>"$here/log"
[ ! -e "$here/refuses" ] || { echo 'connect to host 192.0.2.210 port 22: Connection refused' >&2; exit 255; }
[ ! -e "$here/forces" ] || exit 1
socket=$(echo "$*" | sed 's/.*ControlPath="\\([^"]*\\)".*/\\1/')
echo $$ >"$socket"
cat
rm -f "$socket"
echo ended >>"$here/log"
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lunward-shared-login-'));
  writeFileSync(path.join(folder, 'ssh'), SSH, { mode: 0o755 });
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const log = () => readFileSync(path.join(folder, 'log'), 'utf8').trim().split('\n');
const toArguments = (options: readonly string[], command: string) => [...options, command];
/** Of options that a session is begun with. */
const socketOf = (options: readonly string[]) => /^ControlPath="(.*)"$/.exec(options[1] ?? '')?.[1] ?? '';

async function optionsOf(login: SharedLogin): Promise<readonly string[]> {
  const opened = await login.open(toArguments);
  if ('failed' in opened) throw new Error(opened.failed.stderr);
  return opened.options;
}

describe('a login', () => {
  it('is made once, and shared', async () => {
    const login = new SharedLogin();
    const [options, others] = await Promise.all([optionsOf(login), optionsOf(login)]);
    expect(options).toEqual(['ControlMaster=no', expect.stringMatching(/^ControlPath="\/.*"$/)]);
    expect([others, await optionsOf(login)]).toEqual([options, options]);
    expect(log()).toEqual(['began']);
    expect(await optionsOf(new SharedLogin())).not.toEqual(options);
  });

  it('that was lost is opened again', async () => {
    const login = new SharedLogin();
    const options = await optionsOf(login);
    process.kill(Number(readFileSync(socketOf(options), 'utf8')), 'SIGKILL');
    await vi.waitFor(async () => expect(await optionsOf(login)).not.toEqual(options));
    expect(log()).toEqual(['began', 'began']);
  });

  it('that is refused is reported, and tried again by the next script', async () => {
    const login = new SharedLogin();
    writeFileSync(path.join(folder, 'refuses'), '');
    const failed = { code: 255, stdout: '', stderr: 'connect to host 192.0.2.210 port 22: Connection refused\n' };
    expect(await login.open(toArguments)).toEqual({ failed });
    rmSync(path.join(folder, 'refuses'));
    expect(socketOf(await optionsOf(login))).not.toBe('');
  });

  it('that can’t be shared does not prevent others', async () => {
    writeFileSync(path.join(folder, 'forces'), '');
    expect(await optionsOf(new SharedLogin())).toHaveLength(2);
  });

  it('ends with the process that opened it, without delaying that process', async () => {
    const socket = socketOfProcess();
    expect(socket).not.toBe('');
    await vi.waitFor(() => expect(log()).toEqual(['began', 'ended']), 10_000);
    expect(() => readFileSync(path.dirname(socket))).toThrow('ENOENT');
  });

  it('has a socket with a short path, whatever the temporary folder', () => {
    const long = path.join(folder, 'x'.repeat(90));
    mkdirSync(long);
    vi.stubEnv('TMPDIR', long);
    expect(socketOfProcess().length).toBeLessThan(104 - 17);
  });
});

/** Of a login by a process that does nothing else. */
function socketOfProcess(): string {
  const program = path.join(folder, 'program.ts');
  const module = JSON.stringify(path.join(root, 'lib/nodes/ssh/shared-login'));
  writeFileSync(
    program,
    `import { SharedLogin } from ${module};
new SharedLogin().open((options, command) => [...options, command]).then(({ options }) => console.log(options[1]));
`,
  );
  const jiti = path.join(root, 'node_modules/jiti/lib/jiti-cli.mjs');
  const printed = execFileSync(process.execPath, [jiti, program], { encoding: 'utf8', timeout: 60_000 });
  return socketOf(['', printed.trim()]);
}
