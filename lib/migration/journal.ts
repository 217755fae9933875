import { z } from 'zod';
import { type ClusterClient, ConflictError, type LiveObject } from '../kubernetes/cluster-client';
import { UserError } from '../spec/problems';

const entry = z.object({
  /** By the clock of the machine that wrote it. */
  at: z.string(),
  attempt: z.number().int().positive(),
  /**
   * `intent`: its disk may have been written to from then on. `building`: it holds a file system of ours; `prepared`: with a
   * warm copy on it, and hashes of both sides. `burnt`: given up, and its number is never used again. `wiping`: what it left is
   * being zeroed; `wiped`: and all of it is.
   */
  state: z.enum(['intent', 'building', 'prepared', 'sealed', 'burnt', 'wiping', 'wiped']),
  uuid: z.string(),
  wwn: z.string(),
  bytes: z.number().int(),
  /** The one that writes to the disk. */
  node: z.string(),
  /** Of the plan that was approved. */
  digest: z.string(),
});

/** Something that was about to happen, or has happened, to a volume. */
export type JournalEntry = z.infer<typeof entry>;

const content = z.object({
  version: z.literal(1, { error: '1; a newer version of lunward wrote this journal' }),
  /** By PersistentVolume, oldest first. */
  volumes: z.record(z.string(), z.array(entry)),
});

const order: readonly JournalEntry['state'][] = entry.shape.state.options;

/** How an attempt stands. */
export function stageOf({ state }: Pick<JournalEntry, 'state'>): 'under way' | 'sealed' | 'given up' {
  if (state === 'sealed') return state;
  return order.indexOf(state) < order.indexOf('sealed') ? 'under way' : 'given up';
}

type Content = z.infer<typeof content>;

/**
 * What happened to the volumes of an app: a ConfigMap beside it, so that it outlives the machine that wrote it. It is
 * appended to, and written only if nobody else has written since.
 */
export class Journal {
  private constructor(
    private readonly client: ClusterClient,
    private object: LiveObject & { readonly data?: Readonly<Record<string, string>> },
    private content: Content,
  ) {}

  /** The name of an app's ConfigMap, and of its lease. */
  static nameFor(app: string): string {
    return `lunward-${app}`;
  }

  /** @throws UserError when what is there is no journal */
  static async read(client: ClusterClient, namespace: string, app: string): Promise<Journal> {
    const metadata = { name: Journal.nameFor(app), namespace };
    const wanted = { apiVersion: 'v1', kind: 'ConfigMap', metadata };
    const found = (await client.read(wanted)) as Journal['object'] | undefined;
    if (!found) {
      const labels = { 'app.kubernetes.io/managed-by': 'lunward' };
      return new Journal(client, { ...wanted, metadata: { ...metadata, labels } }, { version: 1, volumes: {} });
    }
    return new Journal(client, found, parse(found.data?.journal ?? '', `ConfigMap ${namespace}/${metadata.name}`));
  }

  /** What was written of a volume last. */
  latest(volume: string): JournalEntry | undefined {
    return this.content.volumes[volume]?.at(-1);
  }

  /** What was written last of each volume. */
  all(): [volume: string, latest: JournalEntry][] {
    return Object.entries(this.content.volumes).flatMap(([volume, entries]) => {
      const latest = entries.at(-1);
      return latest ? [[volume, latest]] : [];
    });
  }

  /** The try that is under way, or the next one. */
  attemptOf(volume: string): number {
    const latest = this.latest(volume);
    if (!latest) return 1;
    return stageOf(latest) === 'given up' ? latest.attempt + 1 : latest.attempt;
  }

  /** Whether it was written down already that an attempt came so far on this disk. */
  private knows(volume: string, { attempt, wwn, state }: Omit<JournalEntry, 'at'>): boolean {
    const latest = this.latest(volume);
    return latest?.attempt === attempt && latest.wwn === wwn && order.indexOf(latest.state) >= order.indexOf(state);
  }

  /**
   * Writes down what is about to happen, or has happened; what is there already is not written again.
   *
   * @throws UserError when somebody else has written meanwhile: what was planned with may hold no more
   */
  async append(volume: string, added: Omit<JournalEntry, 'at'>): Promise<void> {
    if (this.knows(volume, added)) return;
    const before = this.content.volumes[volume] ?? [];
    const entries = [...before, { at: new Date().toISOString(), ...added }];
    const next: Content = { version: 1, volumes: { ...this.content.volumes, [volume]: entries } };
    try {
      this.object = await this.client.write({
        ...this.object,
        data: { journal: `${JSON.stringify(next, undefined, 1)}\n` },
      } as LiveObject);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      throw new UserError(
        `Somebody else has written into ConfigMap ${this.object.metadata?.name} meanwhile (${error.message}): plan anew`,
      );
    }
    this.content = next;
  }
}

function parse(text: string, subject: string): Content {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const result = content.safeParse(value);
  if (result.success) return result.data;
  throw new UserError(
    `${subject} holds no journal that can be read (${result.error.issues[0]?.message ?? 'not JSON'}). ` +
      'It says which disks were written to: restore it from a backup, or keep it elsewhere and delete it if no migration of this app was ever begun',
  );
}
