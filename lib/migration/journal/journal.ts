import { clock } from '../../core/clock';
import { UnanswerableError, UnreachableError, UserError } from '../../core/problems';
import { type ClusterClient, ConflictError, type LiveObject } from '../../kubernetes/cluster-client';
import { writeSurely } from '../../kubernetes/write-surely';
import { type JournalContent, journalContent } from './content';
import { assertNextPhase, type Cutover } from './cutover';
import { type JournalEntry, type NewEntry, stageOf } from './entry';
import { assertCanFollow, isRecorded } from './transitions';
import { contentOfVersion1 } from './version-1';

/**
 * What happened to the volumes of an app: a ConfigMap in its namespace, so that it outlives the machine that wrote it. It is
 * appended to, and written only if no other process has written since.
 */
export class Journal {
  /** Content whose write got no answer until the deadline, and may have arrived. Default: every write was answered. */
  private unanswered?: JournalContent;

  private constructor(
    private readonly client: ClusterClient,
    private object: LiveObject & { readonly data?: Readonly<Record<string, string>> },
    private content: JournalContent,
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
      return new Journal(client, { ...wanted, metadata: { ...metadata, labels } }, { version: 2, volumes: {} });
    }
    return new Journal(client, found, parse(found.data?.journal ?? '', `ConfigMap ${namespace}/${metadata.name}`));
  }

  /**
   * Reads the journal again if a write got no answer. Each write does this first. Code that decides by the journal after such a
   * failure must call it first.
   *
   * @throws UnreachableError where the cluster can't be asked
   */
  async ascertain(): Promise<void> {
    const { unanswered } = this;
    if (!unanswered) return;
    const found = (await this.client.read(this.object as Parameters<ClusterClient['read']>[0])) as
      | Journal['object']
      | undefined;
    this.unanswered = undefined;
    if (!found || textOf(found) !== textFor(unanswered)) return;
    this.object = found;
    this.content = unanswered;
  }

  /** Whether it is in the cluster: an app that was never moved has none. */
  get exists(): boolean {
    return this.object.metadata?.resourceVersion !== undefined;
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
   * @throws UserError if another process has written meanwhile: the plan's facts may no longer be true
   */
  async append(volume: string, added: NewEntry): Promise<void> {
    await this.ascertain();
    if (!isRecorded(this.latest(volume), added)) await this.write(this.withEntry(volume, added));
  }

  /**
   * Writes down that generations leave the cluster, from where nothing leads back to them.
   *
   * @param claims of them; those that are written down already are not written again
   * @throws UserError as `append` does
   */
  async retire(claims: readonly string[]): Promise<void> {
    await this.ascertain();
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
    readonly entries?: readonly (readonly [volume: string, added: NewEntry])[];
  }): Promise<void> {
    await this.ascertain();
    assertNextPhase(this.cutover, change.cutover);
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

  private withEntry(volume: string, added: NewEntry, to = this.content): JournalContent {
    const recorded = to.volumes[volume] ?? [];
    assertCanFollow(volume, recorded.at(-1), added);
    const entries = [...recorded, { at: new Date(clock.now()).toISOString(), ...added }];
    return { ...to, volumes: { ...to.volumes, [volume]: entries } };
  }

  private async write(next: JournalContent): Promise<void> {
    const journal = textFor(next);
    try {
      const object = { ...this.object, data: { journal } } as LiveObject;
      this.object = await writeSurely(this.client, object, (found) => textOf(found) === journal);
    } catch (error) {
      if (error instanceof UnreachableError) this.unanswered = next;
      if (error instanceof UnreachableError && !(error instanceof UnanswerableError))
        error.message += `. Whether ConfigMap ${this.object.metadata?.name} was written is not known: the next command reads it`;
      if (!(error instanceof ConflictError)) throw error;
      throw new UserError(
        `Another process has written into ConfigMap ${this.object.metadata?.name} meanwhile (${error.message}): plan again`,
        { cause: error, category: 'refused', code: 'conflict' },
      );
    }
    this.content = next;
  }
}

const textOf = (object: LiveObject) => (object as Journal['object']).data?.journal;

const textFor = (content: JournalContent) => `${JSON.stringify(content, undefined, 1)}\n`;

function parse(text: string, subject: string): JournalContent {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const { version } = (value ?? {}) as { readonly version?: unknown };
  const result = (version === 1 ? contentOfVersion1.pipe(journalContent) : journalContent).safeParse(value);
  if (result.success) return result.data;
  if (typeof version === 'number' && version > 2) {
    throw new UserError(
      `${subject} was written by a newer version of lunward: it has version ${version}, expected at most 2. Use that version, or a newer one`,
      { category: 'usage', code: 'journal-unusable' },
    );
  }
  throw new UserError(
    `${subject} holds no journal that can be read (${result.error.issues[0]?.message ?? 'not JSON'}). ` +
      'It says which disks were written to: restore it from a backup, or keep it elsewhere and delete it if no migration of this app was ever begun',
    { code: 'journal-unusable' },
  );
}
