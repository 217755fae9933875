import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeFailure } from '../../lib/cli/terminal/failure';
import { UserError } from '../../lib/core/problems';
import { ConflictError, RefusedByServer } from '../../lib/kubernetes/server-answer';
import { lunward, projectPackage } from './command';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lunward-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('lunward', () => {
  it('prints its version', () => {
    expect(lunward(['--version'], folder)).toEqual({ code: 0, stdout: `${projectPackage.version}\n`, stderr: '' });
  });

  it('suggests the command that was meant', () => {
    const { code, stderr } = lunward(['synt'], folder);
    expect(code).toBe(2);
    expect(stderr).toContain("unknown command 'synt'");
    expect(stderr).toContain('Did you mean synth?');
  });

  it('suggests the option that was meant', () => {
    const { code, stderr } = lunward(['synth', '--outptu', 'there'], folder);
    expect(code).toBe(2);
    expect(stderr).toContain('Did you mean --output?');
  });

  it.each([
    ['--until', 'prepared', 'prepare, stop'],
    ['--on-unhealthy', 'nothing', 'rollback, stop'],
  ])('refuses an invalid value of %s before it reads anything: %s', (option, value, choices) => {
    const { code, stderr } = lunward(['migrate', 'app', option, value], folder);
    expect(code).toBe(2);
    expect(stderr).toContain(`argument '${value}' is invalid. Allowed choices are ${choices}.`);
  });

  it('reports a missing description in one line', () => {
    const { code, stderr } = lunward(['synth'], folder);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^There is no description at .*cluster\.ts; .*`lunward init`\n$/);
  });

  it('reports a syntax error in the description with file and line', () => {
    writeFileSync(path.join(folder, 'broken.ts'), 'export default {\n');
    const { code, stderr } = lunward(['synth', '--file', 'broken.ts'], folder);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^\/.*broken\.ts:2: .*TypeScript/);
    expect(stderr).not.toContain('    at ');
  });

  it('reports a module that is not installed, and how to install it', () => {
    writeFileSync(path.join(folder, 'missing.ts'), "import { a } from 'not-there';\nexport default a;\n");
    const { code, stderr } = lunward(['synth', '--file', 'missing.ts'], folder);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^\/.*missing\.ts:1: .*"not-there".*npm install/);
    expect(stderr).not.toContain('    at ');
  });
});

describe('describeFailure', () => {
  it('shows errors that the user can fix without a stack trace', () => {
    expect(describeFailure(new UserError('do this'))).toBe('do this');
  });

  it('shows a file that can’t be written without a stack trace', () => {
    const error = Object.assign(new Error("EACCES: permission denied, open 'a'"), { syscall: 'open', path: 'a' });
    expect(describeFailure(error)).toBe("EACCES: permission denied, open 'a'");
  });

  it.each([
    ['a connection', { syscall: 'connect', code: 'ECONNREFUSED' }],
    ['a file that it does not name', { syscall: 'read', code: 'EISDIR' }],
  ])('shows the operating system’s error for %s without a stack trace', (_, more) => {
    expect(describeFailure(Object.assign(new Error('what it says'), more))).toBe('what it says');
  });

  it.each([
    new RefusedByServer('admission webhook "w.example.com" denied the request'),
    new ConflictError('the object has been modified'),
  ])('shows the API server’s message for a $name, without a stack trace', (error) => {
    expect(describeFailure(error)).toEqual(expect.stringMatching(new RegExp(`: ${error.message}\\. .*again$`)));
  });

  it('keeps the stack trace of a bug', () => {
    const fault = new TypeError('x is not a function');
    expect(describeFailure(fault)).toBe(fault);
  });
});
