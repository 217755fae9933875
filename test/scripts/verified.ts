import type { VerifiedVolume } from '../../lib/scripts/copy/verify-volume';

const none = { files: { count: 0, names: [] }, bytes: 0 };

/** A volume that is as it was sealed. */
export const verified: VerifiedVolume = {
  mountpoint: '/var/lib/kubelet/plugins/kubernetes.io/iscsi/lun-1',
  manifest: 'a'.repeat(64),
  sealed: { files: 1200, bytes: 3 * 1024 ** 3 },
  same: { files: 1200, bytes: 3 * 1024 ** 3 },
  damaged: none,
  unreadable: none,
  changed: none,
  added: none,
  removed: none,
  complaint: '',
  bytesRead: 3 * 1024 ** 3,
  seconds: 42,
};
