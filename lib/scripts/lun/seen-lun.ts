import { z } from 'zod';

/** A LUN as a node sees it. */
export const seenLun = z.object({
  /** The L of H:C:T:L. */
  lun: z.number().int(),
  bytes: z.number().int(),
  /** Empty where the target gives none. */
  wwn: z.string(),
  serial: z.string(),
  /** What blkid recognises; empty is no proof that it is blank. */
  content: z.string(),
  /** Of the file system, where one is recognised. */
  uuid: z.string(),
  /** Empty where the node does nothing with it. */
  use: z.string(),
});

export type SeenLun = z.infer<typeof seenLun>;
