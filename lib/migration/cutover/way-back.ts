import type { Advice } from '../../core/advice';
import { UnreachableError, UserError } from '../../core/problems';
import { giveBack } from '../../kubernetes/give-back';
import { untilAsked } from '../../kubernetes/until-asked';
import { readMountObjects } from '../../kubernetes/volume-users';
import { answered } from '../../nodes/run-script';
import type { ReachedNode } from '../../nodes/runner';
import type { Owner } from '../../owners/owner';
import { nodeFacts } from '../../scripts/node/node-facts';
import type { DataVolume } from '../../storage/registry';
import { persistentVolumeName } from '../../volumes/static-volume';
import { nodeRefusals, otherUsers } from '../plan/cut-over-refusals';
import { refusalText } from '../plan/described-refusals';
import { namespaceRefusals } from '../plan/terminating-namespace';
import { boundObjects, boundRefusals, type DescribedFacts, volumeRefusals } from '../survey/described-volume';
import { saysState } from './app-state';
import type { CutoverContext } from './cutover-context';
import { type GuardSite, guardRefusals, type Wanted } from './marked-way';
import type { VolumeMove } from './volume-move';

/** The old volumes can't be mounted as they are, or the new ones can't be left: nothing was stopped for that. */
export class NoWayBack extends UserError {
  constructor(message: string, advice: readonly Advice[]) {
    super(message, { category: 'refused', code: 'no-way-back', advice });
  }
}

/** How long a node may take to answer. */
const ANSWER_SECONDS = 60;

type Asked = Pick<CutoverContext, 'app' | 'client' | 'model' | 'owner'>;

/**
 * Refuses a rollback to claims that no pod could mount, or to volumes that the app's guard refuses: the app would be down for them.
 *
 * @throws NoWayBack with every reason, and whether the app is down
 * @throws UserError where the cluster can't be asked
 */
export async function assertWayBack(
  site: Asked & Omit<GuardSite, keyof Asked>,
  volumes: readonly Pick<VolumeMove, 'source' | 'sourceChap'>[],
): Promise<void> {
  const wanted = volumes.map(({ source, sourceChap: chap }) => ({ volume: source, ...(chap && { chap }) }));
  await assertNone(site, [...(await wayBackRefusals(site, volumes)), ...(await guardRefusals(site, wanted))]);
}

/** Refuses to stop an app for volumes that its guard refuses. @throws NoWayBack, UserError as `assertWayBack` does */
export async function assertGuardAdmits(
  site: Asked & Omit<GuardSite, keyof Asked>,
  wanted: readonly Wanted[],
): Promise<void> {
  await assertNone(site, await guardRefusals(site, wanted));
}

/**
 * Refuses to take an app from volumes of which nobody could prove afterwards that nothing uses them any more: it would be down until
 * that can be, and no command could start it.
 *
 * @throws NoWayBack, UserError as `assertWayBack` does
 */
export async function assertCanLeave(
  site: Asked & Pick<CutoverContext, 'nodes' | 'signal'>,
  volumes: readonly Pick<VolumeMove, 'target'>[],
): Promise<void> {
  await assertNone(
    site,
    await leaveRefusals(
      site,
      volumes.map(({ target }) => target),
    ),
  );
}

/** Why it could not be proven that volumes are unused after their app is stopped. @throws UserError if the cluster is unreachable */
export async function leaveRefusals(
  { client, model, nodes, signal }: Pick<CutoverContext, 'client' | 'model' | 'nodes' | 'signal'>,
  volumes: readonly DataVolume[],
): Promise<Advice[]> {
  const objects = await readMountObjects(client);
  return [
    ...(await nodeRefusals(client, nodes)),
    ...volumes.flatMap((volume) => otherUsers(model, volume, objects)),
    ...(await Promise.all(nodes.map((node) => answerRefusals(node, signal)))).flat(),
  ];
}

/** Where a node does not answer for a while. */
async function answerRefusals(node: ReachedNode, signal: AbortSignal): Promise<Advice[]> {
  const refused = (reason: string): Advice[] => [
    {
      code: 'node-unreachable',
      subject: `node ${node.name}`,
      found: reason,
      remedy:
        'run this again once the node answers; only if it is off for good: delete it from the cluster ' +
        `("kubectl delete node ${node.name}") and take it out of nodes`,
    },
  ];
  try {
    const patience = { signal, patienceSeconds: ANSWER_SECONDS };
    const facts = await untilAsked(() => answered(node, nodeFacts()), patience);
    return typeof facts === 'string' ? refused(`can't be inspected: ${facts}`) : [];
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    return refused(`can't be inspected: ${error.message}`);
  }
}

async function assertNone(site: Asked, refusals: readonly Advice[]): Promise<void> {
  if (refusals.length === 0) return;
  const isDown = (await site.owner.replicas()) === 0;
  const state = isDown ? `${site.app} is DOWN, with no replicas, as it was before` : `${site.app} was not stopped`;
  throw saysState(
    new NoWayBack(`${refusalText(refusals)}\nThere is no way back until that is mended: ${state}`, refusals),
  );
}

async function wayBackRefusals(
  { client, model: { namespace }, owner }: Asked,
  volumes: readonly Pick<VolumeMove, 'source'>[],
): Promise<Advice[]> {
  const { claims, volumes: all } = await readMountObjects(client);
  const facts = volumes.map(({ source }) => ({ volume: source, namespace, claims, volumes: all }));
  return [
    ...(await namespaceRefusals(client, namespace)),
    ...facts.flatMap((one) => (boundObjects(one).claim ? boundRefusals(one) : restoreRefusals(one, owner))),
  ];
}

/** Where a claim that is gone can't be made again, or would not be bound to its volume. */
function restoreRefusals(facts: DescribedFacts, { needsPulumi }: Pick<Owner, 'needsPulumi'>): Advice[] {
  const { volume, namespace } = facts;
  const own = { namespace: volume.namespace ?? namespace, name: volume.name };
  const subject = `PersistentVolumeClaim ${own.namespace}/${own.name}`;
  const name = persistentVolumeName(volume);
  const { persistentVolume } = boundObjects(facts);
  // Pulumi goes by its state, in which the claim still is.
  const apply = needsPulumi ? 'then "pulumi up --refresh"' : 'then apply the claim as "lunward synth" writes it';
  if (!persistentVolume) {
    const remedy = `make it again as it is described, its data is where it was; ${apply}`;
    return [
      { code: 'claim-missing', subject, found: `is not in the cluster, nor is PersistentVolume ${name}`, remedy },
    ];
  }
  const elsewhere = volumeRefusals(persistentVolume, undefined, facts);
  if (elsewhere.length > 0) return elsewhere;
  const phase = persistentVolume.status?.phase;
  if (phase !== 'Available') {
    const reason = `is not in the cluster, and PersistentVolume ${name} is ${phase ?? 'of no phase'}`;
    return [
      {
        code: 'volume-not-available',
        subject,
        found: reason,
        expected: 'Available',
        remedy: `delete nothing: ${giveBack(name, own)}; ${apply}`,
      },
    ];
  }
  return needsPulumi
    ? [
        {
          code: 'claim-missing',
          subject,
          found: 'is not in the cluster',
          remedy: '"pulumi up --refresh" makes it again',
        },
      ]
    : [];
}
