import { describe, expect, it, vi } from 'vitest';
import { UnreachableError } from '../../lib/core/problems';
import { ConflictError, type LiveObject, RefusedByServer } from '../../lib/kubernetes/cluster-client';
import { writeSurely } from '../../lib/kubernetes/write-surely';
import { untyped } from '../helpers';
import { useFastClock } from '../migration/clock';

useFastClock();

const object = (text: string, resourceVersion?: string) =>
  untyped<LiveObject>({
    kind: 'ConfigMap',
    metadata: { name: 'x', ...(resourceVersion && { resourceVersion }) },
    data: { text },
  });
const textOf = (one: LiveObject) => untyped<{ data: { text: string } }>(one).data.text;

/** What becomes of each try: it arrives or not, and so does its answer. */
type Try = 'answered' | 'request lost' | 'answer lost' | 'arrives late';

class Cluster {
  live: LiveObject | undefined = object('old', '1');
  writes = 0;
  private late?: () => void;

  constructor(private readonly tries: Try[]) {}

  async read(): Promise<LiveObject | undefined> {
    const { live } = this;
    // A request that was under way arrives right after the look.
    this.late?.();
    this.late = undefined;
    return live;
  }

  async write(wanted: LiveObject): Promise<LiveObject> {
    this.writes += 1;
    const fate = this.tries.shift() ?? 'answered';
    if (fate === 'arrives late') this.late = () => this.put(wanted);
    else if (fate !== 'request lost') this.put(wanted);
    if (fate !== 'answered') throw new UnreachableError(fate);
    return this.live as LiveObject;
  }

  private put(wanted: LiveObject): void {
    if (wanted.metadata?.resourceVersion !== this.live?.metadata?.resourceVersion) throw new ConflictError('another');
    this.live = object(textOf(wanted), String(Number(this.live?.metadata?.resourceVersion ?? 0) + 1));
  }
}

const write = (cluster: Cluster, wanted = object('new', '1')) =>
  writeSurely(untyped(cluster), wanted, (found) => textOf(found) === textOf(wanted));

describe('a write', () => {
  it.each<[string, Try[], number]>([
    ['is made once where it is answered', ['answered'], 1],
    ['counts as made where only its answer was lost', ['answer lost'], 1],
    ['is made again where its request was lost', ['request lost', 'request lost'], 3],
    ['counts as made where it arrives after it was looked for', ['arrives late'], 2],
    ['is made again for as long as anything else is asked', Array<Try>(110).fill('request lost'), 111],
  ])('%s', async (_, tries, writes) => {
    const cluster = new Cluster(tries);
    const written = await write(cluster);
    expect([textOf(written), written.metadata?.resourceVersion, cluster.writes]).toEqual(['new', '2', writes]);
  });

  it('that creates an object counts as done if its answer was lost', async () => {
    const cluster = new Cluster(['arrives late']);
    cluster.live = undefined;
    expect(textOf(await write(cluster, object('new')))).toBe('new');
  });

  it('does not replace what another process wrote meanwhile', async () => {
    const cluster = new Cluster(['request lost']);
    cluster.live = object("another's", '2');
    await expect(write(cluster)).rejects.toThrow(ConflictError);
    expect(textOf(cluster.live)).toBe("another's");
  });

  it('fails as unreachable if the server does not answer, and at once if it refuses', async () => {
    await expect(write(new Cluster(Array<Try>(200).fill('request lost')))).rejects.toThrow(UnreachableError);
    const refusing = {
      read: async () => undefined,
      write: vi.fn(async () => Promise.reject(new RefusedByServer('no'))),
    };
    await expect(writeSurely(untyped(refusing), object('new'), () => true)).rejects.toThrow(RefusedByServer);
    expect(refusing.write).toHaveBeenCalledTimes(1);
  });
});
