import { z } from 'zod';
import { renderScript, type Script } from '../script';

const disk = z.object({
  /** Such as `sda`: good only as long as the session is. */
  name: z.string(),
  /** The L of H:C:T:L. */
  lun: z.number().int(),
  /** `running`, `offline`, `transport-offline`, …: /sys/block/sda/device/state. */
  state: z.string(),
  mountpoints: z.array(z.string()),
  /** Devices built on it, such as `dm-0`. */
  holders: z.array(z.string()),
});

const facts = z.object({
  hostName: z.string(),
  architecture: z.string(),
  machineId: z.string(),
  /** ID, ID_LIKE and PRETTY_NAME of os-release(5). */
  systemId: z.string(),
  systemLike: z.string(),
  systemName: z.string(),
  /** How packages get there where no package manager is run: a declared, an image-based or a transactional system. */
  management: z.enum(['', 'nixos', 'ostree', 'transactional', 'flatcar']),
  /** Those of the programs looked for that are there. */
  programs: z.array(z.string()),
  /** Empty where there is none. */
  initiatorName: z.string(),
  /** States of systemd's units, as of `systemctl is-active`. */
  iscsidService: z.string(),
  iscsidSocket: z.string(),
  multipathd: z.string(),
  sessions: z.array(
    z.object({
      iqn: z.string(),
      /** `LOGGED_IN`, `FAILED` or `FREE`. */
      state: z.string(),
      disks: z.array(disk),
    }),
  ),
  /** Targets that a start of the system logs in to by itself. */
  automaticRecords: z.array(z.string()),
  /** Mounts of network file systems that gave no answer within 5 seconds. */
  hangingMounts: z.array(z.string()),
  /** Those that gave an error for an answer, such as `Stale file handle`. */
  staleMounts: z.array(z.object({ target: z.string(), problem: z.string() })),
});

/** What a node is and has, as far as storage is concerned. */
export type NodeFacts = z.infer<typeof facts>;

/** Looks at a node. Nothing is changed there. */
export function nodeFacts(): Script<NodeFacts> {
  return renderScript('node/node-facts', {}, facts);
}
