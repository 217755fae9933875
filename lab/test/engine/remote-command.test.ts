import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findEngine } from '../../engine/engine';
import { PulumiProject } from './pulumi-project';
import { SshServer } from './ssh-server';

/** The behaviour of `remote.Command` 1.2.1 that Lunward relies on, with any provider. */
describe('remote.Command', () => {
  let server: SshServer;
  let project: PulumiProject;

  beforeAll(async () => {
    server = await SshServer.start(['GREETING', 'PULUMI_COMMAND_STDOUT']);
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    server.forget();
    project = await PulumiProject.create(await findEngine());
  });
  afterEach(() => project.remove());

  function command(inputs: Record<string, unknown>, options = '{}'): void {
    const text = JSON.stringify({ connection: server.connection, ...inputs });
    project.program(`const it = new remote.Command('it', ${text}, ${options});
exports.stdout = it.stdout; exports.stderr = it.stderr;`);
  }

  it('does not connect in a preview and leaves the output unknown', async () => {
    command({ create: 'echo hello' });
    expect(await project.succeed('preview')).toMatch(/stdout: .*(unknown|output<string>)/);
    expect(server.connections).toBe(0);
  });

  it('runs create once, returns output without its last line break, and a second up does nothing', async () => {
    command({ create: 'echo one; echo two; echo trouble >&2' });
    await project.up();
    expect(await project.outputs()).toEqual({ stdout: 'one\ntwo', stderr: 'trouble' });
    server.forget();
    expect(await project.up()).toContain('2 unchanged');
    expect(server.connections).toBe(0);
  });

  it('sees the end of a command that comes in one piece with its start', async () => {
    server.answersAtOnce = true;
    command({ create: 'fast' });
    await project.up();
    expect(await project.outputs()).toMatchObject({ stdout: 'at once' });
  });

  it('runs create again when an input changed and there is no update', async () => {
    command({ create: 'echo 1' });
    await project.up();
    command({ create: 'echo 2' });
    expect(await project.succeed('preview')).toContain('1 to update');
    expect(await project.up()).toContain('1 updated');
    expect(server.commands).toEqual(['echo 1', 'echo 2']);
  });

  it('runs update when there is one, with the previous output in its environment', async () => {
    command({ create: 'echo first', update: 'echo "was $PULUMI_COMMAND_STDOUT"', stdin: 'a' });
    await project.up();
    command({ create: 'echo first', update: 'echo "was $PULUMI_COMMAND_STDOUT"', stdin: 'b' });
    await project.up();
    expect(await project.outputs()).toMatchObject({ stdout: 'was first' });
    command({ create: 'echo first', update: 'echo "was $PULUMI_COMMAND_STDOUT"', addPreviousOutputInEnv: false });
    await project.up();
    expect(await project.outputs()).toMatchObject({ stdout: 'was ' });
  });

  it('replaces when triggers change: creates the new one, then deletes the old one', async () => {
    command({ create: 'echo log in', delete: 'echo log out', triggers: [1] });
    await project.up();
    command({ create: 'echo log in', delete: 'echo log out', triggers: [2] });
    expect(await project.succeed('preview')).toContain('1 to replace');
    await project.up();
    expect(server.commands).toEqual(['echo log in', 'echo log in', 'echo log out']);
    server.forget();
    command({ create: 'echo log in', delete: 'echo log out', triggers: [3] }, '{ deleteBeforeReplace: true }');
    await project.up();
    expect(server.commands).toEqual(['echo log out', 'echo log in']);
  });

  it('runs delete when it is destroyed', async () => {
    command({
      create: 'echo made',
      delete: 'echo "gone $PULUMI_COMMAND_STDOUT" && test "$PULUMI_COMMAND_STDOUT" = made',
    });
    await project.up();
    await project.succeed('destroy', '--yes', '--skip-preview');
    expect(server.commands.at(-1)).toContain('echo "gone');
  });

  it('shows the output of a create that failed, keeps no state of it and runs it again', async () => {
    command({ create: 'echo half done; echo no space >&2; exit 3' });
    const output = await project.fail('up', '--yes', '--skip-preview');
    expect(output).toContain('Process exited with status 3: running "echo half done');
    expect(output).toContain('no space');
    expect(await project.succeed('stack', 'export')).not.toContain('remote:Command');
    server.forget();
    await project.fail('up', '--yes', '--skip-preview');
    expect(server.commands).toHaveLength(1);
  });

  it('passes text on standard input', async () => {
    command({ create: 'bash -s', stdin: 'main() { echo "from a script"; }\nmain "$@" </dev/null\n' });
    await project.up();
    expect(await project.outputs()).toMatchObject({ stdout: 'from a script' });
  });

  it('sets variables that the server takes, and runs nothing where it refuses one', async () => {
    command({ create: 'echo "$GREETING"', environment: { GREETING: 'hello' } });
    await project.up();
    expect(await project.outputs()).toMatchObject({ stdout: 'hello' });
    server.forget();
    command({ create: 'echo again', environment: { OTHER: 'x' } });
    const output = await project.fail('up', '--yes', '--skip-preview');
    expect(output).toContain('AcceptEnv');
    expect(server.commands).toEqual([]);
  });

  it('shows what is printed unless logging says not to', async () => {
    command({ create: 'echo whispered' });
    expect(await project.up()).toContain('whispered');
    command({ create: 'echo whispered more', logging: 'none' });
    expect(await project.up()).not.toMatch(/whispered more$/m);
    command({ create: 'true', logging: 'loud' });
    expect(await project.fail('preview')).toContain('logging');
  });

  it('refuses a line of more than 64 KiB unless nothing is logged', async () => {
    const long = 'head -c 70000 /dev/zero | tr "\\0" x; echo';
    command({ create: long });
    expect(await project.fail('up', '--yes', '--skip-preview')).toContain('more than 64 KiB');
    command({ create: long, logging: 'none' });
    await project.up();
  });

  it('checks the host key when one is given', async () => {
    const other = await SshServer.start();
    try {
      command({ create: 'true', connection: { ...server.connection, hostKey: other.hostKey } });
      expect(await project.fail('up', '--yes', '--skip-preview')).toContain('host key mismatch');
      expect(server.commands).toEqual([]);
      command({ create: 'true', connection: { ...server.connection, hostKey: undefined } });
      await project.up();
    } finally {
      await other.stop();
    }
  });

  it('goes through a proxy and checks its host key too', async () => {
    const proxy = await SshServer.start();
    try {
      const connection = { ...server.connection, proxy: { ...proxy.connection, hostKey: server.hostKey } };
      command({ create: 'echo through', connection });
      expect(await project.fail('up', '--yes', '--skip-preview')).toContain('proxy: ');
      command({ create: 'echo through', connection: { ...connection, proxy: proxy.connection } });
      await project.up();
      expect(proxy.commands).toEqual([]);
      expect(server.commands).toEqual(['echo through']);
    } finally {
      await proxy.stop();
    }
  });

  it('keeps what is secret in the connection out of the state and out of the output', async () => {
    project.program(`const connection = ${JSON.stringify({ ...server.connection, privateKey: undefined })};
connection.password = pulumi.secret(${JSON.stringify(server.password)});
new remote.Command('it', { connection, create: 'echo in', update: 'echo in again', stdin: pulumi.secret('hush hush') });`);
    const shown = (await project.succeed('preview', '--diff')) + (await project.up());
    const state = await project.succeed('stack', 'export');
    for (const text of [shown, state]) {
      expect(text).not.toContain(server.password);
      expect(text).not.toContain('hush hush');
    }
    expect(state).toContain('ciphertext');
    expect(await project.up()).toContain('2 unchanged');
  });

  it('refuses a host that is not on the loopback, before anything is sent', async () => {
    command({ create: 'true', connection: { ...server.connection, host: '192.0.2.10' } });
    const output = await project.fail('up', '--yes', '--skip-preview');
    expect(output).toContain('192.0.2.10');
    expect(output).toContain('loopback');
    command({ create: 'true', connection: { ...server.connection, host: 'node.example.com' } });
    expect(await project.fail('up', '--yes', '--skip-preview')).toContain('loopback');
    expect(server.connections).toBe(0);
  });

  it('names every wrong input at once', async () => {
    project.program(`new remote.Command('it', { connection: {}, create: 7, logging: 'loud' });`);
    const output = await project.fail('preview');
    for (const property of ['connection.host', 'create', 'logging']) expect(output).toContain(property);
  });
});
