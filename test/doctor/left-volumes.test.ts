import { it } from 'vitest';
import type { DescribedVolume } from '../../lib/doctor/described-volumes';
import { leftVolumeFindings } from '../../lib/doctor/left-volumes';
import type { Workload } from '../../lib/kubernetes/workload-users';
import { expectAdvice } from '../expect-advice';
import { lun, share, untyped } from '../helpers';

const mounting = (kind: string, name: string, claimName: string): Workload => {
  const template = { spec: { volumes: [{ name: 'state', persistentVolumeClaim: { claimName } }] } };
  return untyped({ kind, metadata: { name, namespace: 'media' }, spec: { replicas: 0, template } });
};

it('a workload on a volume that its app has left is found, even without a pod', () => {
  const described: DescribedVolume[] = [
    { app: 'app', volume: share('config'), namespace: 'media', isLive: false },
    { app: 'app', volume: lun('config-2'), namespace: 'media', isLive: true },
  ];
  const workloads = [
    mounting('StatefulSet', 'old', 'config'),
    mounting('StatefulSet', 'beside', 'config-2'),
    mounting('Deployment', 'app', 'config'),
  ];
  const isDescribed = ({ kind, metadata }: Workload) => kind === 'Deployment' && metadata?.name === 'app';
  const found = leftVolumeFindings(described, workloads, { claims: [], volumes: [] }, isDescribed);
  expectAdvice(found, [['workload-on-left-volume', 'StatefulSet media/old (0 replicas)', 'config', 'app']]);
});
