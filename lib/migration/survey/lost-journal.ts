import type { Lock } from '../../cluster/lock';
import type { Advice } from '../../core/advice';
import { UnanswerableError, UserError } from '../../core/problems';
import type { ClusterClient, LiveObject } from '../../kubernetes/cluster-client';
import { fenceRefs } from '../../kubernetes/fence-objects';
import { workloadOf } from '../../owners/live-workload';
import type { Workload } from '../../owners/owner';
import { quote } from '../../scripts/quote';
import { isPersistent } from '../../volumes/kinds';
import { deploymentManifest } from '../../workload/manifests/deployment';
import type { MediaAppModel } from '../../workload/model';
import type { JournalContent } from '../journal/content';
import { type FenceRecord, recordedOnFence } from '../journal/fence-record';
import { Journal } from '../journal/journal';
import { recoveredJournal, recoveredNext, replicasText } from './recovered-journal';

/** What is left of the moves of an app whose journal is gone. */
export interface MoveTraces {
  /** Key of the app in the description. */
  readonly app: string;
  readonly namespace: string;
  /** What the lock file says is live: claims by mount path. */
  readonly locked: Readonly<Record<string, string>>;
  /** The first generations of its volumes: claims by mount path. */
  readonly first: Readonly<Record<string, string>>;
  /** What the fence says to a pod that it refuses, and whether the app was stopped when it was put. */
  readonly fence?: {
    readonly name: string;
    readonly message: string;
    readonly isOfStopped: boolean;
    /** What it has recorded of the journal. Default: the app is not kept stopped, or an older version wrote the fence. */
    readonly record?: FenceRecord;
  };
  /** What the Deployment asks for. Default: there is none. */
  readonly workload?: Workload;
}

type Asked = {
  readonly app: string;
  readonly model: MediaAppModel;
  readonly lock: Lock;
  readonly client: Pick<ClusterClient, 'read'>;
};

/** The fence of an app, as far as it is read here. */
interface Policy {
  readonly spec: {
    readonly matchConstraints: { readonly resourceRules: readonly { readonly resources: readonly string[] }[] };
    readonly validations: readonly { readonly message?: string }[];
  };
}

/**
 * Looks for traces of moves where an app has no journal: the lock file names what is live, and the fence keeps pods from the rest.
 *
 * @returns nothing where there are none: the app was never moved
 */
export async function tracesOfMoves({ app, model, lock, client }: Asked): Promise<MoveTraces | undefined> {
  const { namespace } = model;
  const locked = lock.live[app] ?? {};
  const { policy } = fenceRefs({ namespace, app });
  const found = (await readable(client.read(policy))) as (Policy & LiveObject) | undefined;
  if (!found && Object.keys(locked).length === 0 && !lock.retired?.[app]) return undefined;
  const deployment = await client.read(deploymentManifest(model));
  const record = found && recordedOnFence(found);
  return {
    app,
    namespace,
    locked,
    first: firstClaims(model),
    ...(found && {
      fence: {
        name: policy.metadata.name,
        message: found.spec.validations[0]?.message ?? '',
        isOfStopped: !found.spec.matchConstraints.resourceRules.some(({ resources }) =>
          resources.includes('deployments'),
        ),
        ...(record && { record }),
      },
    }),
    ...(deployment && { workload: workloadOf(deployment) }),
  };
}

function firstClaims({ mounts }: MediaAppModel): Record<string, string> {
  return Object.fromEntries(
    mounts.flatMap(({ mountPath, generations: [first] }) =>
      first && isPersistent(first) ? [[mountPath, first.name]] : [],
    ),
  );
}

/** Who only plans need not be permitted to read policies. */
async function readable(policy: Promise<LiveObject | undefined>): Promise<LiveObject | undefined> {
  try {
    return await policy;
  } catch (error) {
    if (error instanceof UnanswerableError) return undefined;
    throw error;
  }
}

/** What is left of the moves of an app without a journal, and how to restore its journal. */
export function lostJournalAdvice(traces: MoveTraces): Advice & { readonly remedy: string } {
  const { app, namespace, locked, fence, workload } = traces;
  const live = Object.entries(locked).map(([mountPath, claim]) => `${claim} at ${mountPath}`);
  const runs = Object.entries(workload?.claims ?? {}).map(([mountPath, claim]) => `${claim} at ${mountPath}`);
  const seen = [
    live.length > 0 ? `lunward.lock.json says that ${live.join(', ')} is live` : 'lunward.lock.json says nothing of it',
    workload
      ? `its Deployment asks for ${workload.replicas} replicas, of which ${workload.ready} are Ready, with ${runs.join(', ') || 'no claim'}`
      : 'it has no Deployment',
    ...(fence ? [`its fence says: "${fence.message}"`] : []),
  ];
  return {
    code: 'journal-lost',
    subject: app,
    found: `was moved before, and its journal, ConfigMap ${namespace}/${Journal.nameFor(app)}, is gone: ${seen.join('; ')}`,
    remedy: `Restore the ConfigMap from a backup if there is one. Without one: ${wayOut(traces)}`,
  };
}

/** The same for a person, in one text. */
export function lostJournalText(traces: MoveTraces): string {
  const { subject, found, remedy } = lostJournalAdvice(traces);
  return `${subject} ${found}. ${remedy}`;
}

function wayOut(traces: MoveTraces): string {
  const { app, locked, fence, workload } = traces;
  const recovered = fence?.isOfStopped && fence.record && recoveredJournal({ ...traces, record: fence.record });
  if (recovered) {
    return (
      'fence, lock file and Deployment agree on what was under way, so this writes that down again: ' +
      `${writtenBy(traces, recovered)}. Then ${recoveredNext(app, recovered)}. ${FORGOTTEN}`
    );
  }
  const claims = workload?.claims ?? {};
  const differing = Object.entries(locked).filter(([mountPath, claim]) => claims[mountPath] !== claim);
  if (Object.keys(locked).length === 0) {
    return 'restore lunward.lock.json from Git first, which says what is live, and run this again';
  }
  if (fence?.isOfStopped) {
    return (
      `a move or a rollback was under way${fence.record ? `, of an app with ${replicasText(fence.record)}` : ''}, so find out first which volume has the latest data (none of them was deleted). ` +
      `Make lunward.lock.json name it, remove the fence ("kubectl delete validatingadmissionpolicybinding,validatingadmissionpolicy ${fence.name}"), ` +
      'apply what "lunward synth" writes, and run this again once the app is Ready'
    );
  }
  if (!workload || differing.length > 0) {
    return (
      'the lock file and the Deployment do not name the same volumes, so find out which have the latest data. Make lunward.lock.json ' +
      'name those, apply what "lunward synth" writes, and run this again once the app is Ready'
    );
  }
  if (workload.ready === 0) {
    return 'start the app on what lunward.lock.json says, and run this again once it is Ready';
  }
  return (
    `the lock file and the app that runs agree, so this writes down what is live: ${writtenBy(traces, { live: locked })}. ` +
    `What was live before stays unknown, so rollback has nothing to return to. ${FORGOTTEN}`
  );
}

const FORGOTTEN = 'The seals of the volumes stay unknown';

/** The command that writes a journal with this content. */
function writtenBy({ app, namespace }: MoveTraces, content: Omit<JournalContent, 'version' | 'volumes'>): string {
  const journal = JSON.stringify({ version: 2, volumes: {}, ...content });
  return `"kubectl create configmap ${Journal.nameFor(app)} --namespace ${namespace} --from-literal=journal=${quote(journal)}"`;
}

/** @throws UserError where an app was moved, and its journal is gone: a new move would begin as if nothing had ever been */
export async function assertNeverMoved(asked: Asked): Promise<void> {
  const traces = await tracesOfMoves(asked);
  if (!traces) return;
  throw new UserError(`${lostJournalText(traces)}. Nothing was changed`, { category: 'refused', code: 'journal-lost' });
}
