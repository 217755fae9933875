import { beforeEach, expect, it, vi } from 'vitest';
import { clock as time } from '../../lib/core/clock';
import { UnreachableError } from '../../lib/core/problems';
import { ConflictError, type LiveObject } from '../../lib/kubernetes/cluster-client';
import { withLease } from '../../lib/kubernetes/lease';
import { LeaseLost } from '../../lib/kubernetes/lease-lost';
import { untyped } from '../helpers';
import { useFastClock } from '../migration/clock';

/** An API server with one lease. */
class Server {
  lease?: LiveObject;
  isReached = true;
  /** How long a write takes. Unit: seconds. */
  slowness = 0;

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
        await time.sleep(this.slowness * 1000);
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

const clock = useFastClock();

let server: Server;
beforeEach(() => {
  server = new Server();
});

const lease = { namespace: 'media', name: 'lunward-app' };

const isStale = () => clock.jump(21);

it('is trusted for 20 s after a renewal, without a request', async () => {
  await withLease(server.client, lease, async ({ assertHeld }) => {
    server.change('other');
    clock.jump(19);
    await assertHeld();
  });
});

it('is released at the end', async () => {
  await withLease(server.client, lease, async ({ assertHeld }) => assertHeld());
  expect(server.lease?.spec).toMatchObject({ holderIdentity: '' });
});

it('is renewed first if it was not renewed for 20 s and no other process has taken it', async () => {
  await withLease(server.client, lease, async ({ assertHeld }) => {
    const { resourceVersion } = server.lease?.metadata ?? {};
    isStale();
    await assertHeld();
    expect(server.lease?.metadata?.resourceVersion).not.toBe(resourceVersion);
    server.change('other');
    await assertHeld();
  });
});

it.each<[string, () => void]>([
  ['the clock shows that', () => clock.jump(3600)],
  ['the clock was set back meanwhile', () => void vi.mocked(time.now).mockReturnValue(0)],
])('is renewed where %s', async (_, sleep) => {
  await withLease(server.client, lease, async ({ assertHeld }) => {
    await time.sleep(21_000);
    sleep();
    server.change('other');
    await expect(assertHeld()).rejects.toThrow(LeaseLost);
  });
});

it.each([
  ['has taken', ['other']],
  ['has taken, and given back,', ['other', '']],
])('is lost if another process %s it while this machine slept', async (_, holders) => {
  await withLease(server.client, lease, async ({ assertHeld, signal }) => {
    for (const holder of holders) server.change(holder);
    // Nothing was renewed yet.
    expect(signal.aborted).toBe(false);
    isStale();
    for (const __ of [1, 2]) await expect(assertHeld()).rejects.toThrow(LeaseLost);
    expect(signal.reason).toBeInstanceOf(LeaseLost);
  });
  expect(server.lease?.spec).toMatchObject({ holderIdentity: holders.at(-1) });
});

it('waits for the network after the machine wakes up', async () => {
  vi.mocked(time.sleep).mockImplementation(async () => {
    server.isReached = true;
  });
  await withLease(server.client, lease, async ({ assertHeld }) => {
    server.isReached = false;
    isStale();
    await assertHeld();
    expect(server.isReached).toBe(true);
  });
});

it('is unknown, not lost, if the API server stays unreachable', async () => {
  await withLease(server.client, lease, async ({ assertHeld, signal }) => {
    server.isReached = false;
    isStale();
    await expect(assertHeld()).rejects.toThrow(UnreachableError);
    expect(signal.aborted).toBe(false);
    server.isReached = true;
    await assertHeld();
  });
});

it('is unknown if each renewal takes longer than the lease is trusted', async () => {
  await withLease(server.client, lease, async ({ assertHeld, signal }) => {
    server.slowness = 25;
    isStale();
    await expect(assertHeld()).rejects.toThrow(/took 25 s to renew the lease media\/lunward-app/);
    expect(signal.aborted).toBe(false);
    server.slowness = 0;
    await assertHeld();
  });
});

it('is renewed once if several effects check it at the same time', async () => {
  await withLease(server.client, lease, async ({ assertHeld }) => {
    const version = () => Number(server.lease?.metadata?.resourceVersion);
    const before = version();
    isStale();
    await Promise.all([assertHeld(), assertHeld(), assertHeld()]);
    expect(version()).toBe(before + 1);
  });
});
