import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Engine, findEngine } from '../../engine/engine';
import { PulumiProject } from './pulumi-project';

/**
 * Node.js 20.20 needs a minute to colour a stack trace with a file directly below a folder of packages, which the SDK's
 * source maps produce.
 */
const SHORT_STACK = 'Error.stackTraceLimit = 1; ';

describe('the language host', () => {
  let engine: Engine;
  let project: PulumiProject;

  beforeEach(async () => {
    engine = await findEngine();
    project = await PulumiProject.create(engine);
  });
  afterEach(() => project.remove());

  it('gives configuration and secrets to the program and returns its outputs', async () => {
    project.program(`const config = new pulumi.Config();
exports.plain = config.require('plain');
exports.list = config.requireObject('list');
exports.secret = config.requireSecret('secret');
exports.isMarked = pulumi.isSecret(config.requireSecret('secret'));
exports.stack = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join('/');
exports.isDryRun = pulumi.runtime.isDryRun();`);
    await project.succeed('config', 'set', 'plain', 'yes');
    await project.succeed('config', 'set', '--path', 'list[0]', 'one');
    await project.succeed('config', 'set', '--secret', 'secret', 'hush hush');
    const shown = (await project.succeed('preview')) + (await project.up());
    expect(shown).not.toContain('hush hush');
    expect(await project.succeed('stack', 'export')).not.toContain('hush hush');
    expect(await project.outputs()).toEqual({
      plain: 'yes',
      list: ['one'],
      secret: 'hush hush',
      isMarked: true,
      stack: 'organization/contract/dev',
      isDryRun: false,
    });
  });

  it('tells the program when it is a preview', async () => {
    project.program(`console.log('dry run: ' + pulumi.runtime.isDryRun());`);
    expect(await project.succeed('preview')).toContain('dry run: true');
  });

  it('shows what the program prints', async () => {
    project.program(`console.log('to stdout'); console.error('to stderr'); process.stdout.write('x'.repeat(100000));`);
    const output = await project.succeed('preview');
    expect(output).toContain('to stdout');
    expect(output).toContain('to stderr');
    expect(output).toContain('x'.repeat(1000));
  });

  it('shows an exception in the program once and fails the preview', async () => {
    project.program(`${SHORT_STACK}function deep() { throw new Error('no such volume'); }\ndeep();`);
    const output = await project.fail('preview');
    expect(output).toContain('no such volume');
    expect(output).toContain('at deep');
    expect(output).not.toContain('exit code');
  });

  it('shows an error meant for the user without a stack trace', async () => {
    project.program(`${SHORT_STACK}throw new pulumi.RunError('kubeconfig is not set');`);
    const output = await project.fail('preview');
    expect(output).toContain('kubeconfig is not set');
    expect(output).not.toContain('at Object');
  });

  it('says so when the program ends by itself', async () => {
    project.program('process.exit(7);');
    expect(await project.fail('preview')).toContain('exit code 7');
  });

  it('says what to do when the SDK is not installed', async () => {
    project.program('');
    rmSync(join(project.folder, 'node_modules'));
    // Otherwise packages of a parent folder could be found.
    project.write('node_modules/@pulumi/pulumi/package.json', JSON.stringify({ exports: {} }));
    expect(await project.fail('preview')).toContain('npm ci');
  });

  it('runs a hook of a resource', async () => {
    project.program(`const hook = new pulumi.ResourceHook('guard', (args) => { console.log('guarded ' + args.name); });
new local.Command('it', { create: 'true' }, { hooks: { beforeCreate: [hook] } });`);
    expect(await project.up()).toContain('guarded it');
  });

  it('fails the update when a hook does', async () => {
    project.program(`const hook = new pulumi.ResourceHook('guard', () => { throw new Error('not now'); });
new local.Command('it', { create: 'echo ran' }, { hooks: { beforeCreate: [hook] } });`);
    const output = await project.fail('up', '--yes', '--skip-preview');
    expect(output).toContain('not now');
    expect(output).not.toContain('ran\n');
  });

  it('passes options for Node.js', async () => {
    project.remove();
    project = await PulumiProject.create(engine, { nodeargs: '--title=lunward' });
    project.program(`console.log('title: ' + process.title);`);
    expect(await project.succeed('preview')).toContain('title: lunward');
  });

  it('tells in `pulumi about` that it is a stand-in, where it is one', async () => {
    project.program('');
    const about = await project.succeed('about');
    expect(about.includes('stand-in')).toBe(engine.standIns.length > 0);
  });
});
