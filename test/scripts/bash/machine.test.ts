import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { confirmMachine } from '../../../lib/scripts/node/confirm-machine';
import { type Machine, onMachine } from '../../../lib/scripts/script';

const [file] = ['/etc/machine-id', '/var/lib/dbus/machine-id'].filter(existsSync);
const ownId = file ? readFileSync(file, 'utf8').trim() : '';
const ownBoot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
const id = '0123456789abcdef0123456789abcdef';

/** Machine ids of this machine: a bash that reads other files has another one. */
function reported(machine: Machine | undefined, found?: string) {
  const script = machine ? onMachine(confirmMachine(), machine) : confirmMachine();
  // In the place of the files that no test may write.
  const reads = found === undefined ? '' : `cat() { printf '%s' '${found}'; }\n`;
  const { status, stdout } = spawnSync('bash', ['--norc', '-s'], { input: reads + script.text, encoding: 'utf8' });
  expect(status).toBe(0);
  return JSON.parse(stdout);
}

describe('a script', () => {
  it.each<[string, Machine, string]>([
    ['of that machine id', { node: 'node-a', machineId: id }, `${id}\n`],
    ['whose file has dashes and upper case', { node: 'node-a', machineId: id }, '01234567-89AB-CDEF-0123-456789ABCDEF'],
    ['of that boot id, where machine ids are not unique', { node: 'node-a', machineId: id, bootId: ownBoot }, id],
  ])('runs on the machine that is meant: %s', (_, machine, found) => {
    expect(reported(machine, found)).toMatchObject({ result: 'unchanged' });
  });

  it.skipIf(ownId === '')('reads the files that the kubelet reads', () => {
    expect(reported({ node: 'node-a', machineId: ownId })).toMatchObject({ result: 'unchanged' });
  });

  it.each<[string, Machine, string, RegExp]>([
    [
      'has another machine id',
      { node: 'node-a', machineId: id },
      'f'.repeat(32),
      new RegExp(`\\bf{32}\\b.*\\b${id} for node-a`),
    ],
    ['has none', { node: 'node-a', machineId: id }, '', /\bmissing\b/],
    [
      'is a clone, or was restarted since',
      { node: 'node-a', machineId: id, bootId: 'of-before' },
      id,
      new RegExp(`\\b${ownBoot}\\b.*\\bof-before for node-a`),
    ],
  ])('declines where the machine %s, with both values', (_, machine, found, reason) => {
    expect(reported(machine, found)).toMatchObject({
      result: 'declined',
      code: 'other-machine',
      reason: expect.stringMatching(reason),
    });
  });

  it('runs on any machine if none is specified', () => {
    expect(reported(undefined)).toMatchObject({ result: 'unchanged' });
  });
});
