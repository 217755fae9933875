import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { clock } from '../core/clock';
import { pollUntil } from '../core/poll-until';
import { UnreachableError, UserError } from '../core/problems';
import { type ClusterClient, ConflictError, type LiveObject } from './cluster-client';
import { LeaseLost } from './lease-lost';
import { retryOnConflict } from './retry-on-conflict';

/** Other processes take a lease over that was not renewed for this long. */
const SECONDS = 30;
const RENEWAL_SECONDS = 10;
/** A lease is believed for two renewals. The rest of `SECONDS` is for an effect that has begun to arrive. */
const BELIEVED_SECONDS = 20;

interface LeaseSpec {
  readonly holderIdentity?: string;
  readonly renewTime?: string;
}

/** A lease that this process holds. */
export interface Lease {
  /** Aborted with a {@link LeaseLost} once a renewal has shown that another process has taken the lease. */
  readonly signal: AbortSignal;
  /**
   * Proves that the lease is held; call it before each effect. It returns at once if the lease was renewed in the last
   * 20 s. Otherwise the machine has slept, or the API server was out of reach: another process may have taken the
   * lease, and given it back, without this one knowing. Then the lease is read and renewed first.
   *
   * @throws LeaseLost if another process has or had it; UnreachableError if that could not be asked
   */
  assertHeld(): Promise<void>;
}

/**
 * Keeps all other processes, on any machine, away from an app while `work` runs. A holder is dead if it has not renewed
 * its lease within the lease's duration. This process waits for that time itself, so no clock is compared with another.
 *
 * @throws UserError if another process holds the lease and is alive
 */
export async function withLease<T>(
  client: ClusterClient,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  work: (lease: Lease) => Promise<T>,
): Promise<T> {
  const identity = `${userInfo().username}@${hostname()} (process ${process.pid}, ${randomUUID().slice(0, 8)})`;
  const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name, namespace } };
  const lost = new AbortController();
  let renewed = new Stopwatches();
  let held = await acquire(client, lease, identity);
  const renewNow = async () => {
    // Another process counts from when the renewal arrives, which is later.
    const now = new Stopwatches();
    try {
      held = await keep(client, held, identity);
      renewed = now;
    } catch (error) {
      if (!(error instanceof Taken)) throw error;
      const lease = `${namespace}/${name}`;
      lost.abort(new LeaseLost(`The lease ${lease} was lost: ${error.message}. Nothing more is done from here`));
    }
  };
  // Renewals at the same time would take each other's writes for those of another process.
  let renewing: Promise<void> | undefined;
  const renewOnce = () => {
    renewing ??= renewNow().finally(() => {
      renewing = undefined;
    });
    return renewing;
  };
  // If the API server cannot be reached, the next renewal tries again: the lease is lost only when another process has
  // it.
  const renewal = setInterval(() => renewOnce().catch(() => {}), RENEWAL_SECONDS * 1000);
  const { signal } = lost;
  const proveNow = async () => {
    await renewOnce();
    signal.throwIfAborted();
    if (renewed.seconds <= BELIEVED_SECONDS) return;
    // A machine that slept asks again; a server that stays so slow proves nothing.
    throw new UnreachableError(
      `The API server took ${Math.round(renewed.seconds)} s to renew the lease ${namespace}/${name}, which is believed for ${BELIEVED_SECONDS} s`,
    );
  };
  const assertHeld = async () => {
    signal.throwIfAborted();
    if (renewed.seconds <= BELIEVED_SECONDS) return;
    await pollUntil(proveNow, () => true, { signal });
  };
  try {
    return await work({ signal, assertHeld });
  } finally {
    clearInterval(renewal);
    await release(client, lease, identity);
  }
}

/** While a machine sleeps, the time for durations may stand still; the clock can be set back. One of both shows it. */
class Stopwatches {
  private readonly now = clock.now();
  private readonly monotonic = clock.monotonic();

  get seconds(): number {
    return Math.max(clock.now() - this.now, clock.monotonic() - this.monotonic) / 1000;
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
      throw new UserError(`Another process has just begun to work at this app (lease ${subject}): wait for its end`, {
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
  return retryOnConflict(async (tries) => {
    if (tries === 1) return renew(client, held, identity);
    const found = await client.read(held as Parameters<ClusterClient['read']>[0]);
    const holder = (found?.spec as LeaseSpec | undefined)?.holderIdentity;
    if (!found || holder !== identity) throw new Taken(`${holder || 'another process'} has taken it over`);
    return renew(client, found, identity);
  });
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
