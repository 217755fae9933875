import { describe, expect, it } from 'vitest';
import { UnreachableError } from '../../lib/core/problems';
import { bindClaims } from '../../lib/kubernetes/bind-claims';
import type { LiveObject } from '../../lib/kubernetes/cluster-client';
import { useFastClock } from '../migration/clock';

const claim = (name: string) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name, namespace: 'media' },
});

/** A cluster that binds a claim once it was looked at so often, and again after each change. */
class Cluster {
  readonly patched: unknown[] = [];
  private reads = 0;

  constructor(
    private readonly binds: (cluster: { readonly reads: number; readonly changes: number }) => boolean,
    private readonly isThere = true,
  ) {}

  async read(object: Pick<LiveObject, 'metadata'>): Promise<LiveObject | undefined> {
    this.reads += 1;
    const phase = this.binds({ reads: this.reads, changes: this.patched.length }) ? 'Bound' : 'Pending';
    return this.isThere ? ({ ...object, status: { phase } } as LiveObject) : undefined;
  }

  async patch({ metadata }: LiveObject): Promise<undefined> {
    this.patched.push(metadata?.annotations);
    return undefined;
  }
}

useFastClock();

describe('claims are waited for', () => {
  it.each([
    ['and left alone where they are bound', new Cluster(() => true), 0],
    ['and left alone where they are bound soon', new Cluster(({ reads }) => reads > 2), 0],
    ['and touched where they are not', new Cluster(({ changes }) => changes > 0), 2],
    ['and touched once more where that was in vain', new Cluster(({ changes }) => changes > 2), 4],
  ])('%s', async (_, cluster, changes) => {
    await bindClaims(cluster, [claim('config')], {});
    // Nothing of it stays.
    expect(cluster.patched).toEqual(
      Array.from({ length: changes }, (__, index) => ({ 'lunward/look-again': index % 2 === 0 ? 'true' : null })),
    );
  });

  it('until the time is over, even for a claim that does not exist', async () => {
    const cluster = new Cluster(() => false, false);
    await bindClaims(cluster, [claim('config'), claim('more')], { seconds: 20 });
    expect(cluster.patched).toEqual([]);
  });
});

it('are read again while the cluster does not answer', async () => {
  const cluster = new Cluster(() => true);
  let failures = 3;
  const flaky = {
    read: async (object: Pick<LiveObject, 'metadata'>) => {
      if (failures-- > 0) throw new UnreachableError('off');
      return cluster.read(object);
    },
    patch: (object: LiveObject) => cluster.patch(object),
  };
  await bindClaims(flaky, [claim('config')], {});
  expect(failures).toBe(-1);
});

it('are no longer waited for if the cluster never answers, which the start of the app then reports', async () => {
  const off = {
    read: async () => {
      throw new UnreachableError('off');
    },
    patch: async () => undefined,
  };
  await bindClaims(off, [claim('config')], { seconds: 20 });
});

it('are waited for until a signal ends the wait', async () => {
  const reason = new Error('the update has ended');
  const wait = bindClaims(new Cluster(() => false), [claim('config')], { signal: AbortSignal.abort(reason) });
  await expect(wait).rejects.toBe(reason);
});
