import { neededPrograms } from '../../lib/nodes/systems';
import type { NodeFacts } from '../../lib/scripts/node/node-facts';

/** What is told of a node of which there is nothing to tell. */
export const well: NodeFacts = {
  hostName: 'node-a',
  architecture: 'x86_64',
  machineId: '0123',
  systemId: 'debian',
  systemLike: '',
  systemName: 'Debian GNU/Linux 12 (bookworm)',
  management: '',
  systemd: 252,
  privateMounts: [],
  programs: [...neededPrograms],
  initiatorName: 'iqn.2000-01.com.example:node-a',
  iscsidService: 'inactive',
  iscsidSocket: 'active',
  multipathd: 'inactive',
  sessions: [],
  automaticRecords: [],
  hangingMounts: [],
  staleMounts: [],
};
