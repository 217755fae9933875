import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { preparationOf } from '../../../lib/nodes/preparation';
import { neededPrograms } from '../../../lib/nodes/systems';
import { prepareNode } from '../../../lib/scripts/node/prepare-node';
import { requireDone } from '../../../lib/scripts/node/require-done';
import { readReport } from '../../../lib/scripts/report';
import { StandInNode } from '../stand-in-node';

const facts = z.object({ name: z.string() });

function run(text: string) {
  const script = requireDone({ name: 'prepare-node', text, hash: 'abc', facts });
  const { status, stdout, stderr } = spawnSync('bash', ['-s'], { input: script.text, encoding: 'utf8' });
  return { code: status, stdout, stderr };
}

/** A script that says something and reports. */
const reporting = (result: string, reason = '') =>
  `echo noise; cat <<'END'\n${JSON.stringify({ result, reason, facts: { name: `it's "node-a"` } })}\nEND\n`;

describe('requireDone', () => {
  it.each(['changed', 'unchanged'])('passes on the report of a script that ends %s, and nothing else', (result) => {
    const { code, stdout, stderr } = run(reporting(result));
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')).toHaveLength(2);
    expect(readReport(stdout, facts)).toEqual({ result, facts: { name: `it's "node-a"` } });
  });

  it.each(['it lacks rsync', 'it lacks "rsync"; add\napt-get install \\\n  rsync', '100 % of $HOME `grün` ✓'])(
    'fails with the reason of a script that declined: %j',
    (reason) => {
      // As scripts encode it: JSON.stringify would write \n.
      const text = reporting('declined', reason).replaceAll('\\n', '\\u000a');
      expect(run(text)).toEqual({ code: 1, stdout: '', stderr: `declined: ${reason}\n` });
    },
  );

  it.each([
    ['exit 0', 'noise\n', 0],
    ['echo trouble >&2; exit 3', 'trouble\nnoise\n', 3],
    [`printf '{"result":"changed","reas'`, 'noise\n{"result":"changed","reas\n', 0],
  ])('fails with the output if there is no complete report: %s', (end, said, code) => {
    expect(run(`echo noise; ${end}`)).toEqual({
      code: 1,
      stdout: '',
      stderr: `${said}the script ended with ${code} and without a report; it can be run again\n`,
    });
  });

  it('runs the script that prepares a node unchanged', () => {
    const node = new StandInNode('ID=fedora\n', ['dnf', 'rpm']);
    try {
      const prepare = (managedBy?: string) =>
        node.run(
          requireDone(
            prepareNode({ ...preparationOf({ ...(managedBy && { managedBy }) }), patience: 0, root: node.root }),
          ),
        );
      const declined = prepare('Ansible');
      expect(declined).toMatchObject({ code: 1, report: undefined });
      expect(declined.stderr).toContain(`declined: it lacks ${neededPrograms.join(', ')}, an initiator name`);
      expect(declined.stderr).toContain('managed by Ansible; add\ndnf install --assumeyes iscsi-initiator-utils');
      expect(prepare()).toMatchObject({ code: 0, stderr: '', report: { result: 'changed' } });
      expect(prepare()).toMatchObject({ code: 0, stderr: '', report: { result: 'unchanged' } });
    } finally {
      node.remove();
    }
  });
});
