import type { Finding } from '../../core/advice';
import type { AdviceCode } from '../../core/advice-codes';
import type { NodeObservation } from '../../nodes/observation';
import { type IscsiVolume, portalsOf } from '../../volumes/iscsi';
import { persistentVolumeName } from '../../volumes/static-volume';
import { lunUsers, matchOnNodes } from './identify-lun';

/** A described LUN, and what the nodes saw of it. Only nodes that could be inspected themselves are included. */
export interface SeenTarget {
  readonly app: string;
  readonly volume: IscsiVolume;
  /** Whether its app uses it today. */
  readonly isLive: boolean;
  readonly looks: readonly NodeObservation[];
}

/** What keeps nodes from a LUN, and what they do with it that they must not do. */
export function targetFindings({ app, volume, isLive, looks }: SeenTarget): Finding[] {
  const severity = isLive ? 'error' : 'warning';
  const name = persistentVolumeName(volume);
  const until = `until then PersistentVolume ${name} of ${app} can't be used there`;
  const unseen = looks.flatMap(({ name: node, problem }) =>
    problem
      ? [
          {
            subject: node,
            affects: { node },
            severity,
            code: 'target-unreachable',
            found: `could not inspect ${volume.iqn}: ${problem}`,
            remedy: until,
          } as const,
        ]
      : [],
  );
  const refused = matchOnNodes(volume, looks).refusals.map(
    ({ code, subject, found, remedy }) =>
      ({
        code,
        subject,
        affects: { node: subject },
        severity,
        found: aboutNode.includes(code) ? found : `says: ${found}`,
        remedy: remedy ? `${remedy}; ${until}` : until,
      }) as const,
  );
  return [...unseen, ...refused, ...usedTwice(volume, looks), ...claimed(volume, looks)];
}

/** What of these is found of the node itself, which is the subject then; the others are what the node says of the LUN. */
const aboutNode: readonly AdviceCode[] = ['target-unreachable', 'lun-differs'];

function usedTwice(volume: IscsiVolume, looks: readonly NodeObservation[]): Finding[] {
  const uses = lunUsers(volume, looks);
  if (uses.length < 2 || volume.readOnly) return [];
  return [
    {
      subject: `LUN ${volume.lun} of ${volume.iqn}`,
      severity: 'error',
      code: 'lun-shared',
      found: `is in use on several nodes at once, which destroys its file system: ${uses.map(({ node, use }) => `${node} (${use})`).join(', ')}`,
      remedy:
        'scale the app to zero now; unmount it where it is still mounted then; and have its file system checked before the next start',
    },
  ];
}

/** With several portals the kubelet needs multipath to hold the disk. */
function claimed(volume: IscsiVolume, looks: readonly NodeObservation[]): Finding[] {
  if (portalsOf(volume).length > 1) return [];
  return lunUsers(volume, looks)
    .filter(({ use }) => use.startsWith('held by '))
    .map(({ node, use }) => ({
      subject: node,
      affects: { node },
      severity: 'error',
      code: 'lun-claimed',
      found: `keeps LUN ${volume.lun} of ${volume.iqn} from the kubelet: it is ${use}`,
      remedy: 'take it away from there: a blacklist in /etc/multipath.conf, or a filter in /etc/lvm/lvm.conf',
    }));
}
