import type { AdviceCode } from '../core/advice-codes';

/** What a kubelet says when it can't give a pod its volumes, in plain words, with the remedy. */
interface Trouble {
  readonly said: RegExp;
  readonly code: AdviceCode;
  readonly found: string;
  readonly remedy: (node: string) => string;
}

/**
 * Messages of the kubelet (pkg/volume/iscsi, k8s.io/mount-utils), of the attach controller, and of mount(8),
 * mount.nfs(8) and iscsiadm(8), which the kubelet passes on.
 */
const troubles: readonly Trouble[] = [
  {
    said: /^Multi-Attach error/,
    code: 'attached-elsewhere',
    found: 'waits for its volume, which another node still has',
    remedy: () => 'see that the pod on the other node ends: where that node is gone, see what is said of its pod',
  },
  {
    said: /mkfs\.auto/,
    code: 'no-file-system',
    found: 'finds no file system on its disk, and fsType "auto" formats none',
    remedy: () =>
      'leave fsType as it is. A new LUN: "lunward format". One that held data: inspect it with "lunward discover", and write nothing to it',
  },
  {
    said: /'fsck' found errors on device/,
    code: 'file-system-errors',
    found: 'has a file system with errors that were not mended by themselves',
    remedy: (node) => `stop the app, take a snapshot of the LUN on the NAS, then run fsck on it, on ${node} alone`,
  },
  {
    said: /authorization failure|\(24\b|exit status 24/,
    code: 'target-refuses',
    found: 'is refused by the iSCSI target',
    remedy: (node) =>
      `see that the NAS lists the initiator name of ${node} for the target, and that the CHAP secret is right`,
  },
  {
    said: /"iscsiadm": executable file not found|need a \/s?bin\/mount\.<type> helper|unknown filesystem type '(nfs|cifs)'/,
    code: 'program-missing',
    found: 'needs a program that its node lacks',
    remedy: (node) => `"lunward nodes" installs it on ${node}, or says how to`,
  },
  {
    said: /access denied by server/,
    code: 'server-refuses',
    found: 'is refused by the NFS server',
    remedy: (node) => `see that the NAS exports the folder to the address of ${node}`,
  },
  {
    said: /mounting \S+ failed, reason given by server: No such file or directory/,
    code: 'folder-missing',
    found: 'asks for a folder that the NFS server has not got',
    remedy: () => 'see that the folder is there, and that the path is described as the NAS exports it',
  },
  {
    said: /Connection timed out|Connection refused|No route to host|Network is unreachable|not available.*timed out|exit status 8\b/,
    code: 'storage-silent',
    found: 'gets no answer from its storage',
    remedy: (node) => `see that the NAS is up, that the service is on, and that ${node} reaches it`,
  },
  {
    said: /secrets? "[^"]+" not found|configmaps? "[^"]+" not found/,
    code: 'secret-missing',
    found: 'needs a Secret or ConfigMap that is not there',
    remedy: () => 'make it in the namespace of the app',
  },
];

/** What a message means; undefined if it is not known. */
export function mountTrouble(message: string): Trouble | undefined {
  return troubles.find(({ said }) => said.test(message));
}

/** Whether a message only sums up earlier ones. */
export function isSummary(message: string): boolean {
  return /^Unable to attach or mount volumes/.test(message);
}
