import { z } from 'zod';
import { clock } from '../../core/clock';
import { UserError } from '../../core/problems';
import { type ClusterClient, ConflictError, type LiveObject } from '../../kubernetes/cluster-client';
import { writeSurely } from '../../kubernetes/write-surely';
import { gateRecord } from '../cutover/own-gate';

const sourceDisk = z.object({
  wwn: z.string(),
  bytes: z.number().int(),
  /** Of its file system. */
  uuid: z.string(),
  /** As which it was sealed, where lunward has put its data there. */
  attempt: z.number().int().positive().optional(),
});

/** A LUN that data is moved from, as it was found when that was planned. */
export type SourceDisk = z.infer<typeof sourceDisk>;

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
  /** Where the data comes from, where that is a LUN. */
  source: sourceDisk.optional(),
  /** Of a sealed one that data was moved to: SHA-256 of the list of all its files, and of the source's metadata while the app was down. */
  manifest: z.string().optional(),
  scan: z.string().optional(),
  /** Settings that say something else on a block device than they did on the share before: files, and what they said. */
  patched: z.array(z.object({ path: z.string(), was: z.string() })).optional(),
  /** Of a burnt one: its marker was given this attempt when it was rolled back from, so guards that name the one before refuse it. */
  remarked: z.boolean().optional(),
  /** Of a burnt one: it is a copy that the app was never started on. */
  neverLive: z.boolean().optional(),
});

/** Something that was about to happen, or has happened, to a volume. */
export type JournalEntry = z.infer<typeof entry>;

const cutover = z.object({
  /**
   * `stop`: the app is down, or about to be. `done`: the new volumes are live, and it is being started on them. `back`: the old
   * ones are, and it is being started on them.
   */
  phase: z.enum(['stop', 'done', 'back']),
  /** Since when, by the clock of the machine that wrote it. */
  at: z.string(),
  /** That the app had, and gets again. */
  replicas: z.number().int().nonnegative(),
  /** What changes hands, by names of claims. */
  volumes: z.array(z.object({ mountPath: z.string(), from: z.string(), to: z.string() })).min(1),
  /** Of the run that started the app on its new volumes for the first time; none in journals of older versions. */
  gate: gateRecord.optional(),
});

/** An app that is changing its volumes: whoever applies it keeps it stopped until it has. */
export type Cutover = z.infer<typeof cutover>;

const content = z.object({
  version: z.literal(1, { error: '1; a newer version of lunward wrote this journal' }),
  /** By PersistentVolume, oldest first. */
  volumes: z.record(z.string(), z.array(entry)),
  /** Claims of the generations that are live, by mount path, of mounts that were ever moved. */
  live: z.record(z.string(), z.string()).optional(),
  /** Those that were live before them. */
  before: z.record(z.string(), z.string()).optional(),
  /** Claims of generations that have left the cluster, or are about to. */
  retired: z.array(z.string()).optional(),
  cutover: cutover.optional(),
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

  /** Whether it was written down already that an attempt came so far on this disk, from a source as large as now. */
  private alreadyRecords(volume: string, { attempt, wwn, state, source }: Omit<JournalEntry, 'at'>): boolean {
    const latest = this.latest(volume);
    if (latest?.attempt !== attempt || latest.wwn !== wwn || latest.source?.bytes !== source?.bytes) return false;
    return order.indexOf(latest.state) >= order.indexOf(state);
  }

  /** The live generations of mounts that were ever moved: claims by mount path. */
  get live(): Readonly<Record<string, string>> {
    return this.content.live ?? {};
  }

  /** What was live before that, by mount path. */
  get before(): Readonly<Record<string, string>> {
    return this.content.before ?? {};
  }

  /** Claims of generations that have left the cluster, or are about to: nothing goes back to them any more. */
  get retired(): readonly string[] {
    return this.content.retired ?? [];
  }

  /** What the app is in the middle of. */
  get cutover(): Cutover | undefined {
    return this.content.cutover;
  }

  /**
   * Writes down what is about to happen, or has happened, to a volume; what is there already is not written again.
   *
   * @throws UserError when somebody else has written meanwhile: what was planned with may hold no more
   */
  async append(volume: string, added: Omit<JournalEntry, 'at'>): Promise<void> {
    if (!this.alreadyRecords(volume, added)) await this.write(this.withEntry(volume, added));
  }

  /**
   * Writes down that generations leave the cluster, from where nothing leads back to them.
   *
   * @param claims of them; those that are written down already are not written again
   * @throws UserError as `append` does
   */
  async retire(claims: readonly string[]): Promise<void> {
    const added = claims.filter((claim) => !this.retired.includes(claim));
    if (added.length === 0) return;
    const before = Object.entries(this.before).filter(([, claim]) => !added.includes(claim));
    await this.write({
      ...this.content,
      before: Object.fromEntries(before),
      retired: [...this.retired, ...added],
    });
  }

  /**
   * Writes down how far an app is that changes its volumes, in one go with what became of these.
   *
   * @param change.live the generations that are live from now on
   * @param change.cutover nothing once it has ended
   * @throws UserError as `append` does
   */
  async transition(change: {
    readonly cutover: Omit<Cutover, 'at'> | undefined;
    readonly live?: Readonly<Record<string, string>>;
    readonly entries?: readonly (readonly [volume: string, added: Omit<JournalEntry, 'at'>])[];
  }): Promise<void> {
    let next = this.content;
    for (const [volume, added] of change.entries ?? []) next = this.withEntry(volume, added, next);
    const { cutover: _, ...rest } = next;
    const { live } = change;
    const before = Object.fromEntries(
      Object.entries(live ?? {}).flatMap(([path, claim]) => {
        const move = change.cutover?.volumes.find(({ mountPath }) => mountPath === path);
        const was = move && (move.to === claim ? move.from : move.to);
        return was ? [[path, was]] : [];
      }),
    );
    await this.write({
      ...rest,
      ...(live && { live: { ...rest.live, ...live }, before: { ...rest.before, ...before } }),
      ...(change.cutover && { cutover: { at: new Date(clock.now()).toISOString(), ...change.cutover } }),
    });
  }

  private withEntry(volume: string, added: Omit<JournalEntry, 'at'>, to = this.content): Content {
    const entries = [...(to.volumes[volume] ?? []), { at: new Date(clock.now()).toISOString(), ...added }];
    return { ...to, volumes: { ...to.volumes, [volume]: entries } };
  }

  private async write(next: Content): Promise<void> {
    const journal = `${JSON.stringify(next, undefined, 1)}\n`;
    try {
      const object = { ...this.object, data: { journal } } as LiveObject;
      this.object = await writeSurely(this.client, object, (found) => textOf(found) === journal);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      throw new UserError(
        `Somebody else has written into ConfigMap ${this.object.metadata?.name} meanwhile (${error.message}): plan anew`,
      );
    }
    this.content = next;
  }
}

const textOf = (object: LiveObject) => (object as Journal['object']).data?.journal;

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
