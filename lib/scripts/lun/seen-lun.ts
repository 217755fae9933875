import { z } from 'zod';

/** A LUN as a node sees it. */
export const seenLun = z.object({
  /** The L of H:C:T:L. */
  lun: z.number().int(),
  bytes: z.number().int(),
  /** Empty if the target reports none. */
  wwn: z.string(),
  serial: z.string(),
  /** What blkid recognises; an empty value does not prove that the LUN is blank. */
  content: z.string(),
  /** UUID of the file system, if one is recognised. */
  uuid: z.string(),
  /** How the node uses it; empty if it does not. */
  use: z.string(),
});

export type SeenLun = z.infer<typeof seenLun>;
