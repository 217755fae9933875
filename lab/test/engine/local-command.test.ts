import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findEngine } from '../../engine/engine';
import { PulumiProject } from './pulumi-project';
import { SshServer } from './ssh-server';

let project: PulumiProject;

beforeEach(async () => {
  project = await PulumiProject.create(await findEngine());
});
afterEach(() => project.remove());

describe('local.Command', () => {
  it('runs create, update and delete with their environment, input and folder', async () => {
    const program = (stdin: string) =>
      project.program(`const it = new local.Command('it', {
  create: 'echo "$NAME from $(cat) in $(pwd)"', update: 'echo "updated, was: $PULUMI_COMMAND_STDOUT"',
  delete: 'touch deleted', environment: { NAME: 'made' }, stdin: '${stdin}', dir: ${JSON.stringify(project.folder)},
});
exports.stdout = it.stdout;`);
    program('input');
    await project.up();
    const first = `made from input in ${project.folder}`;
    expect(await project.outputs()).toEqual({ stdout: first });
    program('other');
    await project.up();
    expect(await project.outputs()).toEqual({ stdout: `updated, was: ${first}` });
    await project.succeed('destroy', '--yes', '--skip-preview');
    expect(readFileSync(join(project.folder, 'deleted'), 'utf8')).toBe('');
  });

  it('shows the output of a failure', async () => {
    project.program(`new local.Command('it', { create: 'echo so far; exit 4' });`);
    const output = await project.fail('up', '--yes', '--skip-preview');
    expect(output).toContain('exit status 4: running');
    expect(output).toContain('so far');
  });

  it('runs a function in a preview too', async () => {
    project.program(`exports.stdout = local.runOutput({ command: 'echo always' }).stdout;`);
    expect(await project.succeed('preview')).toContain('always');
  });
});

describe('remote.CopyToRemote', () => {
  let server: SshServer;
  beforeAll(async () => {
    server = await SshServer.start();
  });
  afterAll(() => server.stop());

  it('copies a text, a file and a folder, and copies again only what changed', async () => {
    const source = join(project.folder, 'source');
    mkdirSync(join(source, 'inner'), { recursive: true });
    writeFileSync(join(source, 'a.txt'), 'a');
    writeFileSync(join(source, 'inner/b.txt'), 'b');
    const target = join(project.folder, 'target');
    project.program(`const connection = ${JSON.stringify(server.connection)};
const copy = (name, source, remotePath) => new remote.CopyToRemote(name, { connection, source, remotePath });
copy('text', new pulumi.asset.StringAsset('words'), ${JSON.stringify(`${target}/deep/text.txt`)});
copy('file', new pulumi.asset.FileAsset(${JSON.stringify(`${source}/a.txt`)}), ${JSON.stringify(`${target}-file`)});
copy('folder', new pulumi.asset.FileArchive(${JSON.stringify(source)}), ${JSON.stringify(`${target}-folder`)});`);
    await project.succeed('preview');
    expect(server.connections).toBe(0);
    await project.up();
    expect(readFileSync(`${target}/deep/text.txt`, 'utf8')).toBe('words');
    expect(readFileSync(`${target}-file`, 'utf8')).toBe('a');
    expect(readFileSync(`${target}-folder/source/inner/b.txt`, 'utf8')).toBe('b');
    server.forget();
    writeFileSync(join(source, 'inner/b.txt'), 'c');
    expect(await project.up()).toContain('1 updated');
    expect(readFileSync(`${target}-folder/source/inner/b.txt`, 'utf8')).toBe('c');
    expect(server.connections).toBe(1);
  });
});
