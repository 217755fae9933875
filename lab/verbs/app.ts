import { join } from 'node:path';
import { type Cluster, defineCluster } from '../../lib/cluster';
import { sharedName } from '../../lib/cluster/description';
import { liveCluster } from '../../lib/cluster/live';
import { loadCluster } from '../../lib/cluster/load-cluster';
import { synthesizePart } from '../../lib/constructs/cluster-charts';
import { iscsi, nfs } from '../../lib/volumes';
import type { Lab } from '../lab';
import { needsOf } from '../rehearsal/needs';
import { provideNamespaced, provideObjects } from '../rehearsal/objects';
import { provideStorage } from '../rehearsal/provide';
import { NAS } from '../setup/specs';

const EXAMPLE = join(__dirname, '..', '..', 'stacks', 'cluster.ts');
const SIZE = '1Gi';

/** Where an app keeps its settings: an NFS folder of the NAS, which is exported, or a LUN with a file system. */
export type Place = { readonly nfs: string } | { readonly lun: string };

/** By default, stand-ins commit five rows a second, which keeps emulated machines from other work. */
const CALM = { APP_WRITE_MILLISECONDS: '1000' };

/**
 * Deploys the stand-in of an app of the worked example, with its settings on one volume, and waits until it is Ready.
 *
 * @param place Default: the folder that the worked example begins with
 * @returns what runs now, as text
 */
export async function deployApp(lab: Lab, name: string, place?: Place): Promise<string> {
  const live = liveCluster(await clusterOf(name, place));
  const shared = synthesizePart(live, sharedName);
  const manifests = [...shared, ...synthesizePart(live, name)];
  const needs = needsOf(manifests);
  // The LUN was made with the verb `lun`: making it again would format what an app has stored there.
  await provideStorage(lab, { ...needs, luns: [] });
  await provideObjects(lab, needs);
  await apply(lab, shared);
  await provideNamespaced(lab, needs);
  await apply(lab, manifests);
  const { name: namespace } = live.cluster.namespace;
  await lab.kubectl(['--namespace', namespace, 'rollout', 'status', `deployment/${name}`, '--timeout=300s']);
  return `Deployment ${namespace}/${name} is Ready, with its settings ${describe(place)}.`;
}

async function clusterOf(name: string, place: Place | undefined): Promise<Cluster> {
  const { cluster } = await loadCluster(EXAMPLE);
  const props = cluster.apps[name];
  if (!props) {
    throw new Error(
      `no stand-in of an app "${name}" is on the nodes: expected ${Object.keys(cluster.apps).join(', ')}`,
    );
  }
  const config = place ? { config: volumeAt(name, place) } : {};
  const app = { ...props, env: { ...CALM, ...props.env }, ...config };
  return defineCluster({ ...cluster.description, apps: { [name]: app } });
}

function volumeAt(name: string, place: Place) {
  if ('nfs' in place) return nfs({ name: `${name}-config`, server: NAS.address, path: place.nfs, size: SIZE });
  const [iqn = '', lun] = place.lun.split(',');
  if (!iqn || !lun || !/^\d+$/.test(lun)) {
    throw new Error(`--lun: expected an IQN and a number, such as iqn.2000-01.com.example:a,1, got "${place.lun}"`);
  }
  // Another name than on NFS: a PersistentVolume's source can't change.
  return iscsi({ name: `${name}-config-lun`, targetPortal: `${NAS.address}:3260`, iqn, lun: Number(lun), size: SIZE });
}

async function apply(lab: Lab, items: readonly object[]): Promise<void> {
  const list = { apiVersion: 'v1', kind: 'List', items };
  await lab.kubectl(['apply', '--filename', '-'], JSON.stringify(list));
}

function describe(place: Place | undefined): string {
  if (!place) return 'in the folder of the worked example';
  return 'nfs' in place ? `in ${place.nfs}` : `on LUN ${place.lun}`;
}
