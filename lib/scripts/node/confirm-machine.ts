import { z } from 'zod';
import { renderScript, type Script } from '../script';

const facts = z.object({});

/** Confirms that a node is the machine of `onMachine`; declines elsewhere. */
export function confirmMachine(): Script<z.infer<typeof facts>> {
  return renderScript('node/confirm-machine', {}, facts);
}
