import { expect } from 'vitest';
import type { LabMachine } from '../../machine';

/** Nothing of Lunward's is on a node: no note, session, record, mount or unit. */
export async function expectNothingLeftOn(machine: LabMachine): Promise<void> {
  expect((await machine.tryRun('ls', ['/run/lunward'])).stdout).toBe('');
  expect((await machine.tryRun('iscsiadm', ['-m', 'session'])).stdout).toBe('');
  expect((await machine.tryRun('iscsiadm', ['-m', 'node'])).stdout).toBe('');
  expect((await machine.tryRun('findmnt', ['--types', 'nfs,nfs4'])).stdout).toBe('');
  expect(
    (await machine.tryRun('systemctl', ['list-units', '--all', '--plain', '--no-legend', 'lunward-*'])).stdout,
  ).toBe('');
}
