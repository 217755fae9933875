import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { discoverIscsi } from '../../lib/scripts/node/discover-iscsi';
import { onMachine, renderScript } from '../../lib/scripts/script';

const portal = '192.0.2.200:3260';

describe('a script', () => {
  it('has a hash that depends on its parameters', () => {
    expect(discoverIscsi(portal).hash).toBe(discoverIscsi(portal).hash);
    expect(discoverIscsi('192.0.2.201:3260').hash).not.toBe(discoverIscsi(portal).hash);
  });

  it('shows its text, which may contain passwords, only on request', () => {
    const script = renderScript('node/discover-iscsi', {}, z.unknown(), { portal: 'swordfish' });
    for (const one of [script, onMachine(script, { node: 'node-a', machineId: '0123' })]) {
      expect(one.text).toContain('swordfish');
      expect(Object.keys(one)).toEqual(['name', 'hash', 'facts']);
      expect(`${JSON.stringify({ steps: [one] })}${inspect({ steps: [one] }, { depth: null })}`).not.toContain(
        'swordfish',
      );
    }
  });

  it('is sent and hashed without comments', () => {
    expect(discoverIscsi(portal).text).not.toMatch(/^\s*#/m);
  });

  it.each([
    [{}, 'script discover-iscsi asks for portal, and is given nothing'],
    [{ portal, iqn: 'x' }, 'script discover-iscsi asks for portal, and is given iqn, portal'],
  ])('requires the parameters that it declares, not %j', (parameters, message) => {
    expect(() => renderScript('node/discover-iscsi', parameters, z.unknown())).toThrow(message);
  });

  describe('is one text', () => {
    let folder: string;
    const run = (text: string) =>
      spawnSync('bash', ['-s'], {
        input: text,
        encoding: 'utf8',
        env: { PATH: `${folder}:${process.env.PATH}`, WITNESS: join(folder, 'witness') },
      });

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'lunward-script-'));
      // Whatever it does, it begins with this program.
      writeFileSync(join(folder, 'iscsiadm'), '#!/bin/sh\necho "$@" >>"$WITNESS"\ncat\nexit 21\n', { mode: 0o755 });
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    it('that the shell reads completely before it runs anything', () => {
      const { text } = discoverIscsi(portal);
      const end = text.trimEnd().length - 1;
      for (const length of [Math.floor(end / 3), Math.floor(end / 2), end]) {
        // Bash ends with 0 where the text ends within [[ ]]; without a report a script has failed in any case.
        expect(run(text.slice(0, length)).stdout).toBe('');
      }
      expect(existsSync(join(folder, 'witness'))).toBe(false);
      run(text);
      expect(existsSync(join(folder, 'witness'))).toBe(true);
    });

    it('that programs can’t read as their input', () => {
      expect(run(`${discoverIscsi(portal).text}\necho never\n`).stdout).not.toContain('never');
    });

    it('in which values are not interpreted', () => {
      run(discoverIscsi(`$(touch ${folder}/ran); '"`).text);
      expect(existsSync(join(folder, 'ran'))).toBe(false);
    });
  });
});
