import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { clock } from '../core/clock';
import { UserError } from '../core/problems';
import { type ClusterClient, ConflictError, type LiveObject } from './cluster-client';
import { untilAsked } from './until-asked';

const SECONDS = 30;

interface LeaseSpec {
  readonly holderIdentity?: string;
  readonly renewTime?: string;
}

/** Throws a UserError after the lease was lost, as far as the last renewal has shown. */
export interface AssertHeld {
  (): void;
  /**
   * Renews the lease now. Call it after a wait that may be long, such as for a person: a machine that slept meanwhile has
   * renewed nothing, and another process may have taken the lease, and given it back, without this one knowing.
   *
   * @throws UserError if the lease was lost
   */
  renew(): Promise<void>;
}

/**
 * Keeps all other processes, on any machine, away from an app while `work` runs. A holder is dead if it has not renewed
 * its lease within the lease's duration. This process waits for that time itself, so no clock is compared with another.
 *
 * `work` gets a function that throws a UserError after the lease was lost.
 *
 * @throws UserError if another process holds the lease and is alive
 */
export async function withLease<T>(
  client: ClusterClient,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  work: (stillHeld: AssertHeld) => Promise<T>,
): Promise<T> {
  const identity = `${userInfo().username}@${hostname()} (process ${process.pid}, ${randomUUID().slice(0, 8)})`;
  const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name, namespace } };
  let held = await acquire(client, lease, identity);
  let lost: string | undefined;
  const renewOnce = async () => {
    try {
      held = await keep(client, held, identity);
    } catch (error) {
      if (!(error instanceof Taken)) throw error;
      lost = error.message;
    }
  };
  // If the API server cannot be reached, the next renewal tries again: the lease is lost only when another process has
  // it.
  const renewal = setInterval(() => renewOnce().catch(() => {}), (SECONDS * 1000) / 3);
  const stillHeld = () => {
    if (lost)
      throw new UserError(`The lease ${namespace}/${name} was lost: ${lost}. Nothing more is done from here`, {
        category: 'refused',
        code: 'lease-lost',
      });
  };
  const renew = async () => {
    await untilAsked(renewOnce, { mayGoOn: stillHeld });
    stillHeld();
  };
  try {
    return await work(Object.assign(stillHeld, { renew }));
  } finally {
    clearInterval(renewal);
    await release(client, lease, identity);
  }
}

async function acquire(
  client: ClusterClient,
  lease: Pick<LiveObject, 'apiVersion' | 'kind'> & { readonly metadata: { name: string; namespace: string } },
  identity: string,
): Promise<LiveObject> {
  const subject = `${lease.metadata.namespace}/${lease.metadata.name}`;
  try {
    const found = await client.read(lease as Parameters<ClusterClient['read']>[0]);
    if (!found) return await renew(client, lease, identity);
    const { holderIdentity, renewTime } = found.spec as LeaseSpec;
    if (!holderIdentity) return await renew(client, found, identity);
    await clock.sleep(SECONDS * 1000);
    const later = await client.read(lease as Parameters<ClusterClient['read']>[0]);
    const spec = later?.spec as LeaseSpec | undefined;
    if (spec?.holderIdentity && spec.renewTime !== renewTime) {
      throw new UserError(`${spec.holderIdentity} is at work at this app (lease ${subject}): wait for its end`, {
        category: 'refused',
        code: 'app-held',
      });
    }
    return await renew(client, later ?? lease, identity);
  } catch (error) {
    if (error instanceof ConflictError) {
      throw new UserError(`Somebody else has just begun to work at this app (lease ${subject}): wait for its end`, {
        cause: error,
        category: 'refused',
        code: 'app-held',
      });
    }
    throw error;
  }
}

class Taken extends Error {}

/**
 * Renews a lease. If the response to a renewal was lost, the next try conflicts with this process's own write; that is
 * not a loss of the lease.
 */
async function keep(client: ClusterClient, held: LiveObject, identity: string): Promise<LiveObject> {
  try {
    return await renew(client, held, identity);
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    const found = await client.read(held as Parameters<ClusterClient['read']>[0]);
    const holder = (found?.spec as LeaseSpec | undefined)?.holderIdentity;
    if (!found || holder !== identity) throw new Taken(`${holder || 'somebody else'} has taken it over`);
    return renew(client, found, identity);
  }
}

function renew(client: ClusterClient, found: LiveObject, identity: string): Promise<LiveObject> {
  const spec = {
    holderIdentity: identity,
    leaseDurationSeconds: SECONDS,
    // MicroTime in Kubernetes has six digits after the decimal point.
    renewTime: new Date(clock.now()).toISOString().replace('Z', '000Z'),
  };
  return client.write({ ...found, spec });
}

/** Releases the lease. If another process has it now, it is left alone. */
async function release(
  client: ClusterClient,
  lease: Pick<LiveObject, 'apiVersion' | 'kind'> & { readonly metadata: { name: string; namespace: string } },
  identity: string,
): Promise<void> {
  const found = await client.read(lease as Parameters<ClusterClient['read']>[0]).catch(() => undefined);
  if ((found?.spec as LeaseSpec | undefined)?.holderIdentity !== identity) return;
  await client
    .write({ ...(found as LiveObject), spec: { holderIdentity: '', leaseDurationSeconds: 1 } })
    .catch(() => {});
}
