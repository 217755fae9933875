import { z } from 'zod';
import { renderScript, type Script } from '../script';

const mount = z.object({
  /** The kubelet's name of the plugin, such as `kubernetes.io~nfs`. */
  plugin: z.string(),
  /** Name of the PersistentVolume, or of the pod's volume if it has none. */
  volume: z.string(),
  /** Type of the file system. */
  type: z.string(),
  /** Server and path, or the device, as the mount table shows them. */
  source: z.string(),
  /** iSCSI disks that the device is, or is built on. */
  disks: z.array(
    z.object({
      iqn: z.string(),
      lun: z.number().int(),
      /** The address and port that the session was opened to. */
      portal: z.string(),
    }),
  ),
});

const facts = z.object({ mounts: z.array(mount) });

/** What a node has mounted as a volume of a pod. */
export type PodMount = z.infer<typeof mount>;

/** Reads what a node has mounted as volumes of a pod. Nothing is changed there. @param uid of the pod */
export function podMounts(uid: string): Script<z.infer<typeof facts>> {
  return renderScript('node/pod-mounts', { uid }, facts);
}
