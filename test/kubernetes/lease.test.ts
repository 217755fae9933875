import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { clock } from '../../lib/core/clock';
import { UnreachableError } from '../../lib/core/problems';
import { ConflictError, type LiveObject } from '../../lib/kubernetes/cluster-client';
import { withLease } from '../../lib/kubernetes/lease';
import { untyped } from '../helpers';

/** An API server with one lease. */
class Server {
  lease?: LiveObject;
  isReached = true;

  /** What another process does with it meanwhile. */
  change(holderIdentity: string): void {
    this.put({ ...(this.lease as LiveObject), spec: { holderIdentity } });
  }

  get client() {
    return untyped<Parameters<typeof withLease>[0]>({
      read: async () => this.lease,
      write: async (lease: LiveObject) => {
        if (!this.isReached) throw new UnreachableError('no network');
        if (lease.metadata?.resourceVersion !== this.lease?.metadata?.resourceVersion)
          throw new ConflictError('changed');
        return this.put(lease);
      },
    });
  }

  private put(lease: LiveObject): LiveObject {
    const resourceVersion = String(Number(this.lease?.metadata?.resourceVersion ?? 0) + 1);
    this.lease = { ...lease, metadata: { ...lease.metadata, resourceVersion } };
    return this.lease;
  }
}

let server: Server;
beforeEach(() => {
  server = new Server();
});
afterEach(() => vi.restoreAllMocks());

const lease = { namespace: 'media', name: 'lunward-app' };

it('is renewed at once where nobody has taken it', async () => {
  await withLease(server.client, lease, async (assertHeld) => {
    await assertHeld.renew();
    assertHeld();
  });
  expect(server.lease?.spec).toMatchObject({ holderIdentity: '' });
});

it.each([
  ['has taken', ['other']],
  ['has taken, and given back,', ['other', '']],
])('is lost where another process %s it while this machine slept', async (_, holders) => {
  await withLease(server.client, lease, async (assertHeld) => {
    for (const holder of holders) server.change(holder);
    // Nothing was renewed yet.
    assertHeld();
    await expect(assertHeld.renew()).rejects.toMatchObject({ code: 'lease-lost' });
    expect(assertHeld).toThrow(expect.objectContaining({ code: 'lease-lost' }));
  });
});

it('waits for the network of a machine that has just woken up', async () => {
  vi.spyOn(clock, 'sleep').mockImplementation(async () => {
    server.isReached = true;
  });
  await withLease(server.client, lease, async (assertHeld) => {
    server.isReached = false;
    await assertHeld.renew();
    expect(server.isReached).toBe(true);
  });
});
