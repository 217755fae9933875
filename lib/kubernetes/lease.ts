import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { clock } from '../core/clock';
import { UserError } from '../core/problems';
import { type ClusterClient, ConflictError, type LiveObject } from './cluster-client';

const SECONDS = 30;

interface LeaseSpec {
  readonly holderIdentity?: string;
  readonly renewTime?: string;
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
  work: (stillHeld: () => void) => Promise<T>,
): Promise<T> {
  const identity = `${userInfo().username}@${hostname()} (process ${process.pid}, ${randomUUID().slice(0, 8)})`;
  const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name, namespace } };
  let held = await acquire(client, lease, identity);
  let lost: string | undefined;
  const renewal = setInterval(
    () => {
      keep(client, held, identity).then(
        (kept) => {
          held = kept;
        },
        (error: Error) => {
          // If the API server cannot be reached, the next renewal tries again: the lease is lost only when another
          // process has it.
          if (error instanceof Taken) lost = error.message;
        },
      );
    },
    (SECONDS * 1000) / 3,
  );
  try {
    return await work(() => {
      if (lost) throw new UserError(`The lease ${namespace}/${name} was lost: ${lost}. Nothing more is done from here`);
    });
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
      throw new UserError(`${spec.holderIdentity} is at work at this app (lease ${subject}): wait for its end`);
    }
    return await renew(client, later ?? lease, identity);
  } catch (error) {
    if (error instanceof ConflictError) {
      throw new UserError(`Somebody else has just begun to work at this app (lease ${subject}): wait for its end`);
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
    renewTime: new Date().toISOString().replace('Z', '000Z'),
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
