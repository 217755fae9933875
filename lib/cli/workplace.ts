import { liveCluster } from '../cluster/live';
import { loadCluster } from '../cluster/load-cluster';
import { UserError } from '../core/problems';
import { bytesOf } from '../core/quantity';
import { chapOf } from '../kubernetes/chap-secret';
import { ClusterClient } from '../kubernetes/cluster-client';
import { checkKubeconfig } from '../kubernetes/kubeconfig';
import { withLease } from '../kubernetes/lease';
import type { VolumeMove } from '../migration/cutover/volume-move';
import { type Cutover, Journal, stageOf } from '../migration/journal/journal';
import { folderOf } from '../migration/journal/journaled-target';
import { expectedLines } from '../migration/plan/expected-time';
import { type AttemptFacts, type Planned, planFormat, type TargetFacts } from '../migration/plan/plan';
import { planFolder } from '../migration/plan/plan-folder';
import { type MoveSource, planMove } from '../migration/plan/plan-move';
import { resumeMove } from '../migration/plan/resume-move';
import {
  appOf,
  movesUnderWay,
  type WantedMove,
  type WantedVolume,
  wantedVolumes,
} from '../migration/plan/wanted-volumes';
import { patchesOfMove } from '../migration/settings/patches-of-move';
import { patchLines } from '../migration/settings/planned-patches';
import type { DataVolume } from '../migration/survey/copy-source';
import {
  inspectNodes,
  inspectTarget,
  type NodeObservation,
  type ReachedNode,
} from '../migration/survey/node-observation';
import { runForFacts } from '../migration/survey/run-script';
import { firstLunLines, sourceLines } from '../migration/survey/source-lines';
import { inspectSource, lunUsage } from '../migration/survey/source-observation';
import { storageUsers } from '../migration/survey/storage-users';
import { inspectUnit } from '../migration/survey/unit-observation';
import { reachedNodes } from '../nodes/ssh/ssh-nodes';
import type { Chap } from '../scripts/chap';
import { probeFolder } from '../scripts/nfs/probe-folder';
import type { IscsiVolume } from '../volumes/iscsi';
import { persistentVolumeName } from '../volumes/static-volume';
import type { MediaAppModel } from '../workload/model';
import { plansTo } from './plans-to';
import type { RemarkedPlan } from './views/plan-text';

/** What is to be done to a volume of a description. */
export interface PlannedVolume extends RemarkedPlan {
  readonly action: WantedVolume['action'];
  readonly mountPath: string;
}

/** A LUN that is to be filled, or was. */
export interface TargetVolume {
  readonly mountPath: string;
  readonly target: IscsiVolume;
}

/** What the plans for an app's volumes have in common, at one time. */
export interface Survey {
  readonly journal: Journal;
  /** The nodes are looked at when this is first asked for: not every volume wants it. */
  readonly looks: () => Promise<readonly NodeObservation[]>;
}

/** What the commands about an app's volumes work with. */
export class Workplace {
  private constructor(
    /** Of the description. */
    readonly file: string,
    /** Its key there. */
    readonly app: string,
    readonly model: MediaAppModel,
    readonly client: ClusterClient,
    readonly nodes: readonly ReachedNode[],
    private readonly volumes: readonly WantedVolume[],
  ) {}

  /** @throws UserError for an app that is not described, a cluster or nodes that can't be reached for */
  static async of(file: string, app: string): Promise<Workplace> {
    const [workplace] = await Workplace.ofAll(file, [app]);
    return workplace as Workplace;
  }

  /** The same for several apps, or where none is named for all: with one login to each node. */
  static async ofAll(file: string, apps: readonly string[]): Promise<Workplace[]> {
    const { cluster, lock } = await loadCluster(file);
    const live = liveCluster(cluster, lock);
    const names = apps.length > 0 ? apps : Object.keys(live.apps);
    const models = names.map((app) => [app, appOf(live, app)] as const);
    const { context } = cluster.description;
    checkKubeconfig(context);
    const nodes = reachedNodes(cluster);
    const client = new ClusterClient(context);
    return models.map(([app, model]) => new Workplace(file, app, model, client, nodes, wantedVolumes(model)));
  }

  get namespace(): string {
    return this.model.namespace;
  }

  /** The volumes that are to be moved, or are in the middle of it. */
  async moves(journal: Journal): Promise<VolumeMove[]> {
    if (journal.cutover) return this.movesOf(journal.cutover, journal);
    return this.moved(
      this.volumes.flatMap((volume) => (volume.action === 'move' ? [volume] : [])),
      journal,
    );
  }

  /** The volumes that a cut-over is of. */
  movesOf(cutover: Pick<Cutover, 'volumes'>, journal: Journal): Promise<VolumeMove[]> {
    return this.moved(movesUnderWay(this.model, cutover), journal);
  }

  private moved(
    volumes: readonly (WantedMove & Pick<WantedVolume, 'mountPath'>)[],
    journal: Journal,
  ): Promise<VolumeMove[]> {
    return Promise.all(
      volumes.map(async (volume) => ({
        ...volume,
        patches: patchesOfMove(volume, journal),
        chap: await this.chap(volume.target),
        ...(await this.sourceChap(volume.source)),
      })),
    );
  }

  /** The volumes that a description wants filled. */
  get filled(): { readonly mountPath: string; readonly target: DataVolume }[] {
    return this.volumes.flatMap((volume) => (volume.action === 'format' || volume.action === 'move' ? [volume] : []));
  }

  /** Those of them that are LUNs. */
  get targets(): TargetVolume[] {
    return this.filled.flatMap(({ mountPath, target }) => (target.kind === 'iscsi' ? [{ mountPath, target }] : []));
  }

  /** @throws UserError where there are none */
  requireTargets(): TargetVolume[] {
    if (this.targets.length > 0) return this.targets;
    throw new UserError(
      `App "${this.app}" has no LUN that is to be filled: "lunward plan ${this.app}" says where its data is`,
    );
  }

  /** Keeps everybody else from the app while `work` is done; see `withLease`. */
  whileHeld<T>(work: (stillHeld: () => void) => Promise<T>): Promise<T> {
    const { client, namespace, app } = this;
    return withLease(client, { namespace, name: Journal.nameFor(app) }, work);
  }

  journal(): Promise<Journal> {
    return Journal.read(this.client, this.namespace, this.app);
  }

  async survey(): Promise<Survey> {
    let looks: Promise<NodeObservation[]> | undefined;
    return {
      journal: await this.journal(),
      looks: () => {
        looks ??= inspectNodes(this.nodes);
        return looks;
      },
    };
  }

  /** Reads the journal, looks at nodes, targets and sources, and plans anew: nothing is changed. */
  async plan(): Promise<PlannedVolume[]> {
    const survey = await this.survey();
    if (survey.journal.cutover) return underWay(this.app, survey.journal.cutover);
    const planned: PlannedVolume[] = [];
    for (const volume of this.volumes) planned.push(await this.planVolume(volume, survey));
    return planned;
  }

  /**
   * The plans that a command of this kind shows and carries out.
   *
   * @throws UserError where there is none
   */
  async planTo(action: 'format' | 'move'): Promise<PlannedVolume[]> {
    return plansTo(action, await this.plan(), this);
  }

  private async planVolume(volume: WantedVolume, survey: Survey): Promise<PlannedVolume> {
    const { action, mountPath } = volume;
    switch (volume.action) {
      case 'none':
        return { action, mountPath, planned: { done: `${this.app} ${mountPath}: ${volume.reason}` }, remarks: [] };
      case 'format':
        return { action, mountPath, planned: planFormat(await this.targetFacts(volume, survey)), remarks: [] };
      case 'describe': {
        const { found: seen } = await inspectSource(volume.source, this.nodes, survey.looks, { texts: [] });
        const done = `${this.app} ${mountPath}: its data is on "${volume.source.name}" (nfs), the newest that is described`;
        const remarks =
          typeof seen === 'string'
            ? [`it can't be looked at: ${seen}`]
            : [...sourceLines(volume.source, seen), ...firstLunLines(seen, volume.source.name)];
        return { action, mountPath, planned: { done }, remarks };
      }
      case 'move': {
        const { source } = volume;
        const patches = patchesOfMove(volume, survey.journal);
        const resumed = await this.resumed(volume, survey);
        if (resumed) return { action, mountPath, ...resumed };
        const texts = patches.map(({ path }) => path);
        const { journal } = survey;
        const options = {
          texts,
          known: journal.latest(persistentVolumeName(source)),
          node: journal.latest(persistentVolumeName(volume.target))?.node,
          ...(await this.sourceChap(source)),
        };
        // A LUN and the one that it is moved to may be of one target, which only one script may use.
        const look = await inspectSource(source, this.nodes, survey.looks, options);
        const planned = await this.planFilled(volume, survey, { ...look, source, patches });
        const seen = look.found;
        const remarks =
          typeof seen === 'string'
            ? []
            : [
                ...sourceLines(source, seen),
                ...patchLines(seen, patches),
                ...(volume.target.kind === 'iscsi' ? expectedLines(seen, bytesOf(volume.target.size)) : []),
              ];
        return { action, mountPath, planned, remarks };
      }
    }
  }

  private async planFilled(
    { mountPath, target }: WantedMove & Pick<WantedVolume, 'mountPath'>,
    survey: Survey,
    moved: MoveSource & Pick<AttemptFacts, 'sourceDisk' | 'usedOn'>,
  ): Promise<Planned> {
    if (target.kind === 'iscsi')
      return planMove({ ...(await this.targetFacts({ mountPath, target }, survey)), ...moved });
    const { app, nodes, client, model } = this;
    const name = persistentVolumeName(target);
    const { journal } = survey;
    const looks = await survey.looks();
    const node = nodes[0];
    const folder = node ? await runForFacts(node, probeFolder(folderOf(target))) : 'no node is reached by SSH';
    const uses = await storageUsers([target], { client, nodes, model });
    const [attempt, latest] = [journal.attemptOf(name), journal.latest(name)];
    return planFolder({ app, mountPath, volume: target, attempt, latest, looks, folder, uses, ...moved });
  }

  /** The rest of a move of which a step is at work already. */
  private async resumed(
    volume: WantedMove & Pick<WantedVolume, 'mountPath'>,
    { journal, looks }: Survey,
  ): Promise<RemarkedPlan | undefined> {
    const { mountPath, source, target } = volume;
    const patches = patchesOfMove(volume, journal);
    const name = persistentVolumeName(target);
    const latest = journal.latest(name);
    if (!latest || stageOf(latest) !== 'under way') return undefined;
    const seen = await inspectUnit(this.nodes, name, latest);
    if (!seen || typeof seen === 'string' || seen.unit.state !== 'running') return undefined;
    const chap = await this.chap(target);
    const isUsed = source.kind === 'iscsi' && lunUsage(source, await looks()).usedOn !== undefined;
    const secrets = await this.sourceChap(source);
    const facts = { app: this.app, mountPath, volume: target, source, patches, latest, chap, isUsed, ...secrets };
    return {
      planned: resumeMove(facts, seen.step),
      remarks: [`step "${seen.step}" is at work on ${latest.node} since it was begun: it is waited for, and goes on`],
    };
  }

  /** Looks at a LUN from every node, and into the journal. */
  async targetFacts({ mountPath, target }: TargetVolume, { journal, looks: ofNodes }: Survey): Promise<TargetFacts> {
    const name = persistentVolumeName(target);
    const chap = await this.chap(target);
    const { targetPortal: portal, iqn, initiatorName } = target;
    const nodes = await ofNodes();
    // Refused by the plan: the target is not to be looked at then.
    const looks = initiatorName ? nodes : await inspectTarget(this.nodes, nodes, { portal, iqn }, chap);
    const [attempt, latest] = [journal.attemptOf(name), journal.latest(name)];
    return { app: this.app, mountPath, volume: target, attempt, latest, looks, chap };
  }

  /** There is none of a folder. */
  async chap(volume: DataVolume): Promise<Chap | undefined> {
    return volume.kind === 'iscsi' ? chapOf(volume, this.namespace, this.client) : undefined;
  }

  private async sourceChap(source: DataVolume): Promise<{ readonly sourceChap?: Chap }> {
    const sourceChap = await this.chap(source);
    return sourceChap ? { sourceChap } : {};
  }
}

/** An app that is changing its volumes goes on with that, and with nothing else. */
function underWay(app: string, { phase, at, volumes }: Cutover): PlannedVolume[] {
  const now = { stop: 'being stopped, or down', done: 'being started on its new volume', back: 'being taken back' }[
    phase
  ];
  return volumes.map(({ mountPath, from, to }) => ({
    action: 'move',
    mountPath,
    planned: { done: `${app} ${mountPath}: is ${now} since ${at}, on its way from "${from}" to "${to}"` },
    goesOn: true,
    remarks: [`"lunward migrate ${app}" goes on with it, "lunward rollback ${app}" takes it back`],
  }));
}
