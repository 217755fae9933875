import { KUBELET_PORT } from '../control-plane/egress';
import type { MachineSpec } from '../machines/arguments';

const SSH_PORT = 22;

export const NAS: MachineSpec = {
  name: 'nas',
  number: 1,
  address: '192.0.2.200',
  memoryMebibytes: 640,
  disks: [{ serial: 'system' }, { serial: 'pool', gibibytes: 16 }],
  ports: [SSH_PORT],
};

export const NODES: readonly MachineSpec[] = ['node-a', 'node-b'].map((name, index) => ({
  name,
  number: 2 + index,
  address: `192.0.2.${210 + index}`,
  memoryMebibytes: 1200,
  pods: `198.18.${1 + index}.0/24`,
  disks: [{ serial: 'system' }],
  hasPayload: true,
  ports: [SSH_PORT, KUBELET_PORT],
}));

export const MACHINES: readonly MachineSpec[] = [NAS, ...NODES];
