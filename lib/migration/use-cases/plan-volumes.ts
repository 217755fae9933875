import type { Advice } from '../../core/advice';
import { runForFacts } from '../../nodes/run-script';
import { movable } from '../../storage/registry';
import { persistentVolumeName } from '../../volumes/static-volume';
import { expectedData } from '../../workload/database-mounts';
import type { AppContext, Observations } from '../app-context';
import type { Cutover } from '../journal/cutover';
import { stageOf } from '../journal/entry';
import { requireKind } from '../journal/journaled-target';
import type { AttemptFacts } from '../plan/attempt-facts';
import { judgeTarget, type Planned, planFormat } from '../plan/plan';
import { planMove } from '../plan/plan-move';
import { adoptable } from '../plan/plan-seal';
import type { PlannedVolume, RemarkedPlan } from '../plan/remarked-plan';
import { resumeMove } from '../plan/resume-move';
import { unknownSeal } from '../plan/unknown-seal';
import type { WantedMove, WantedVolume } from '../plan/wanted-volumes';
import { patchesOfMove } from '../settings/patches-of-move';
import { patchLines } from '../settings/planned-patches';
import { leftBehindLines } from '../survey/left-behind';
import { firstLunLines, sourceLines } from '../survey/source-lines';
import { inspectUnit } from '../survey/unit-observation';

/** Reads the journal, inspects nodes, targets and sources, and plans each volume of an app. Nothing is changed. */
export async function planVolumes(context: AppContext): Promise<PlannedVolume[]> {
  const observed = await context.observe();
  if (observed.journal.cutover) return cutoverUnderWay(context.app, observed.journal.cutover);
  const planned: PlannedVolume[] = [];
  for (const volume of context.wanted) planned.push(await planVolume(context, volume, observed));
  return planned;
}

async function planVolume(context: AppContext, volume: WantedVolume, observed: Observations): Promise<PlannedVolume> {
  const { action, mountPath } = volume;
  switch (volume.action) {
    case 'none':
      return { action, mountPath, planned: { done: `${context.app} ${mountPath}: ${volume.reason}` }, remarks: [] };
    case 'format':
      return { action, mountPath, planned: planFormat(await context.targetFacts(volume, observed)), remarks: [] };
    case 'describe': {
      const { found: seen } = await movable(volume.source).inspectSource(volume.source, {
        nodes: context.nodes,
        observe: observed.nodes,
        texts: [],
      });
      const done = `${context.app} ${mountPath}: its data is on "${volume.source.name}" (${volume.source.kind}), the newest that is described`;
      const remarks =
        typeof seen === 'string'
          ? [`it could not be inspected: ${seen}`]
          : [...sourceLines(volume.source, seen), ...firstLunLines(seen, volume.source.name)];
      return { action, mountPath, planned: { done }, remarks };
    }
    case 'move': {
      const { source } = volume;
      const patches = patchesOfMove(volume, observed.journal);
      const underWay = await resumed(context, volume, observed);
      if (underWay) return { action, mountPath, ...underWay };
      const texts = patches.map(({ path }) => path);
      const { journal } = observed;
      const known = journal.latest(persistentVolumeName(source));
      const question = {
        nodes: context.nodes,
        observe: observed.nodes,
        texts,
        known: known && requireKind(source, known),
        writer: journal.latest(persistentVolumeName(volume.target))?.node,
        chap: await context.chap(source),
      };
      // A LUN and the one that it is moved to may be of one target, which only one script may use.
      const look = await movable(source).inspectSource(source, question);
      const expected = expectedData(context.model, mountPath);
      const facts = await context.targetFacts(volume, observed);
      const planned = await withoutUnknownSeal(
        context,
        facts,
        source.name,
        planMove({ ...facts, ...look, source, patches, expected }),
      );
      const seen = look.found;
      const remarks =
        typeof seen === 'string'
          ? []
          : [
              ...sourceLines(source, seen),
              ...leftBehindLines(volume, context.model.identity, seen),
              ...patchLines(seen, patches),
              ...(movable(volume.target).expectedLines?.(volume.target, seen) ?? []),
            ];
      return { action, mountPath, planned, remarks };
    }
  }
}

/** A LUN that holds a file system of ours, although the journal has no attempt there: only its marker says whether it is sealed. */
async function withoutUnknownSeal(
  context: AppContext,
  facts: AttemptFacts,
  dataOn: string,
  planned: Planned,
): Promise<Planned> {
  if (!planned.plan || facts.latest || !movable(facts.volume).fileSystems) return planned;
  if (!judgeTarget(facts).found?.isPrepared) return planned;
  const { found: seen } = adoptable(facts);
  const node = context.nodes.find(({ name }) => name === seen?.node);
  const found = seen && node && (await runForFacts(node, seen.probe));
  const refusal = found && typeof found !== 'string' ? unknownSeal({ ...facts, dataOn }, found) : undefined;
  return refusal ? { refusals: [refusal] } : planned;
}

/** The rest of a move of which a step is at work already. */
async function resumed(
  context: AppContext,
  volume: WantedMove & Pick<WantedVolume, 'mountPath'>,
  { journal, nodes }: Observations,
): Promise<RemarkedPlan | undefined> {
  const { mountPath, source, target } = volume;
  const patches = patchesOfMove(volume, journal);
  const name = persistentVolumeName(target);
  const latest = journal.latest(name);
  if (!latest || stageOf(latest) !== 'under way') return undefined;
  const seen = await inspectUnit(context.nodes, name, latest);
  if (!seen || typeof seen === 'string' || seen.unit.state !== 'running') return undefined;
  const chap = await context.chap(target);
  const isUsed = movable(source).usedOn(source, await nodes()) !== undefined;
  const secrets = await context.sourceChap(source);
  const facts = { app: context.app, mountPath, volume: target, source, patches, latest, chap, isUsed, ...secrets };
  return {
    planned: resumeMove(facts, seen.step),
    remarks: [`step "${seen.step}" is running on ${latest.node}: Lunward waits for it and continues`],
  };
}

/** An app that is changing its volumes continues with that, and with nothing else. */
function cutoverUnderWay(app: string, { phase, at, volumes }: Cutover): PlannedVolume[] {
  if (phase === 'restarting' || phase === 'restarted') return restartUnderWay(app, at, volumes);
  const now = {
    stopping: 'being stopped, or down',
    switched: 'being started on its new volume',
    'stopped-on-target': 'kept stopped on its new volume',
    'rolling-back': 'being stopped on its new volume, to be rolled back',
    returning: 'being started on its old volume',
  }[phase];
  return volumes.map(({ mountPath, from, to }) => ({
    action: 'move',
    mountPath,
    planned: { done: `${app} ${mountPath}: is ${now} since ${at}, on its way from "${from}" to "${to}"` },
    goesOn: true,
    remarks: [
      phase === 'returning'
        ? `"lunward rollback ${app}" resumes that`
        : `"lunward migrate ${app}" resumes it, "lunward rollback ${app}" rolls it back`,
    ],
  }));
}

function restartUnderWay(app: string, at: string, volumes: Cutover['volumes']): PlannedVolume[] {
  const refusal: Advice = {
    code: 'restart-under-way',
    subject: `App ${app}`,
    found: `is being restarted since ${at}`,
    remedy: `"lunward restart ${app}" resumes that`,
  };
  return volumes.map(({ mountPath }) => ({
    action: 'move',
    mountPath,
    planned: { refusals: [refusal] },
    remarks: [],
  }));
}
