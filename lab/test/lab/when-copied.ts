import type { Progress } from '../../../lib/nodes/runner';
import type { LabMachine } from '../../machine';
import { until } from '../until';

/** Waits until a unit reports this many entries on its volume. */
export async function whenCopied(machine: LabMachine, unit: string, entries: number): Promise<void> {
  await until(`${entries} entries by ${unit}`, 300, async () => {
    const { stdout } = await machine.tryRun('cat', [`/run/lunward/${unit}/progress`]);
    return stdout !== '' && (JSON.parse(stdout) as Progress).entries >= entries;
  });
}
