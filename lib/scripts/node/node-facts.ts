import { z } from 'zod';
import { renderScript, type Script } from '../script';

const disk = z.object({
  /** Name such as `sda`: valid only as long as the session. */
  name: z.string(),
  /** The L of H:C:T:L. */
  lun: z.number().int(),
  /** `running`, `offline`, `transport-offline`, …: /sys/block/sda/device/state. */
  state: z.string(),
  /** One that only other processes see is below /proc/PROCESS/root. */
  mountpoints: z.array(z.string()),
  /** Devices built on it, such as `dm-0`, and loop devices that read it. */
  holders: z.array(z.string()),
});

const facts = z.object({
  hostName: z.string(),
  architecture: z.string(),
  /** See machine-id(5); lower case, without dashes. Empty if the node has none. */
  machineId: z.string(),
  /** ID, ID_LIKE and PRETTY_NAME of os-release(5). */
  systemId: z.string(),
  systemLike: z.string(),
  systemName: z.string(),
  /**
   * How packages are installed where no package manager is run: on a declarative, image-based or transactional system.
   * Empty elsewhere.
   */
  management: z.enum(['', 'nixos', 'ostree', 'transactional', 'flatcar']),
  /** Version of systemd; 0 where it is not there. */
  systemd: z.number().int(),
  /** Those of `/` and the kubelet's folder that do not pass on what is mounted there: their propagation is not `shared`. */
  privateMounts: z.array(z.string()),
  /** The installed ones among the programs that Lunward looks for. */
  programs: z.array(z.string()),
  /** Empty if the node has none. */
  initiatorName: z.string(),
  /** States of systemd units, as `systemctl is-active` prints them. */
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
  /** Targets that the system logs in to at boot. */
  automaticRecords: z.array(z.string()),
  /** Network mounts that gave no answer within 5 s. */
  hangingMounts: z.array(z.string()),
  /** Network mounts that answered with an error, such as `Stale file handle`. */
  staleMounts: z.array(z.object({ target: z.string(), problem: z.string() })),
});

/** What a node is and has, as far as storage is concerned. */
export type NodeFacts = z.infer<typeof facts>;

/** Inspects a node. Nothing is changed there. */
export function nodeFacts(): Script<NodeFacts> {
  return renderScript('node/node-facts', {}, facts);
}
