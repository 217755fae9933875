/** `npm run rehearse [-- path/to/cluster.ts]`: brings up a description on an emulated NAS and two nodes. */
import path from 'node:path';
import { sharedName } from '../lib/cluster/description';
import { type LiveCluster, liveCluster } from '../lib/cluster/live';
import { loadCluster } from '../lib/cluster/load-cluster';
import { synthesizePart } from '../lib/constructs/cluster-charts';
import { pollUntil } from '../lib/core/poll-until';
import { type Engine, findEngine } from './engine/engine';
import { lines } from './engine/progress';
import type { Lab } from './lab';
import { labRoot, openLab } from './open';
import { PulumiProject } from './project/pulumi-project';
import { moveApps, movesOf, provideTargets, reportsIn, rowsOf } from './rehearsal/move';
import { type Needs, needsOf } from './rehearsal/needs';
import { provideNamespaced, provideObjects } from './rehearsal/objects';
import { provideImages, provideStorage } from './rehearsal/provide';
import { ensureImage } from './setup/image';
import { NODES } from './setup/specs';

/** Size of each LUN that data is moved to. */
const LUN_SIZE = '64Mi';

const example = path.join(__dirname, '..', 'stacks', 'cluster.ts');

async function main(): Promise<void> {
  const description = path.resolve(process.argv[2] ?? example);
  const { cluster, lock } = await loadCluster(description);
  const live = liveCluster(cluster, lock);
  const stacks = [sharedName, ...Object.keys(live.apps)];
  const needs = needsOf(stacks.flatMap((stack) => synthesizePart(live, stack)));
  const moves = movesOf(live);
  refuseMissing(needs);

  step('Getting a Pulumi engine, a NAS, two nodes and a control plane');
  const lab = await openLab({ progress: lines() });
  const engine = await findEngine();
  const project = PulumiProject.create(engine, lab, descriptionFiles(description), cluster.description.context);
  endInOrder(project, lab);
  try {
    step('Making on the NAS what the description counts on, and its images on the nodes');
    await provideStorage(lab, needs);
    await provideObjects(lab, needs);
    // Nodes have the images of the example from the start.
    if (description !== example) {
      const { busybox } = await ensureImage(labRoot(), lines());
      await provideImages(lab, cluster, { busybox, mediaApp: engine.program('media-app') });
    }
    await applyAll(project, stacks, () => provideNamespaced(lab, needs));
    if (moves.size > 0) await moveAll(lab, project, moves);
    await show(lab, engine, live);
  } finally {
    project.remove();
    await lab.stop();
  }
}

/**
 * The description is read in its place, with everything that it imports; everything written goes elsewhere. The nodes
 * are the lab's own. LUNs that data is moved to are small, because every byte of them is read, and stand-ins of apps
 * write rarely: emulated machines are slow.
 */
function descriptionFiles(description: string): Record<string, string> {
  const nodes = Object.fromEntries(NODES.map(({ name, address }) => [name, { ssh: `admin@${address}` }]));
  return {
    'cluster.ts': `import described from ${JSON.stringify(description)};

const smaller = (value) =>
  Array.isArray(value)
    ? value.map((one, index) => (index > 0 && one?.kind === 'iscsi' ? { ...one, size: '${LUN_SIZE}' } : smaller(one)))
    : value?.constructor === Object
      ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, smaller(one)]))
      : value;

const slower = ([name, app]) => [name, { ...app, env: { APP_WRITE_MILLISECONDS: '3000', ...app.env } }];
const apps = Object.fromEntries(Object.entries(smaller(described.apps)).map(slower));
const description = { ...described.description, apps, nodes: ${JSON.stringify(nodes)} };

export default { ...described, apps, description };
`,
  };
}

async function moveAll(lab: Lab, project: PulumiProject, moves: ReturnType<typeof movesOf>): Promise<void> {
  const apps = [...moves.keys()];
  step(`Moving ${apps.join(', ')}, which go on writing until they are stopped`);
  await provideTargets(lab, moves, LUN_SIZE);
  await moveApps(lab, project, apps);
  const rows = await rowsOf(lab, apps, Date.now());
  step('pulumi up, every moved stack once more: nothing may change');
  for (const app of apps) await assertUnchanged(project, app);
  step('What was proven');
  for (const report of reportsIn(project)) console.log(report);
  for (const { app, before, since, anew, again } of rows) {
    console.log(
      `${app}: ${before} rows were acknowledged before, ${since} since on its new volume; ${again} acknowledged twice, ${anew} databases created again`,
    );
    if (anew + again > 0) throw new Error(`${app} has lost what it had committed`);
  }
}

/** No rehearsal is better than one that leaves out what the user relies on. */
function refuseMissing({ missing }: Needs): void {
  if (missing.length === 0) return;
  throw new Error(
    `the lab has no ${missing.join(', and no ')}: rehearse a copy of the description without what needs it; nothing was started`,
  );
}

async function applyAll(
  project: PulumiProject,
  stacks: readonly string[],
  afterShared: () => Promise<void>,
): Promise<void> {
  for (const stack of stacks) {
    step(`pulumi up --stack ${stack}`);
    console.log(resources(await project.initAndUp(stack)));
    if (stack === sharedName) await afterShared();
  }
  step('pulumi up, every stack once more: nothing may change');
  for (const stack of stacks) await assertUnchanged(project, stack);
}

async function assertUnchanged(project: PulumiProject, stack: string): Promise<void> {
  const second = resources(await project.up(stack));
  console.log(`${stack}: ${second.trim()}`);
  if (/created|updated|deleted|replaced/.test(second)) {
    throw new Error(`a second \`pulumi up --stack ${stack}\` changed something:\n${second}`);
  }
}

async function show(lab: Lab, engine: Engine, live: LiveCluster): Promise<void> {
  step('What runs');
  console.log(await table(lab, 'pods', 'POD:.metadata.name,NODE:.spec.nodeName,STATUS:.status.phase'));
  const claims = 'CLAIM:.metadata.name,STATUS:.status.phase,VOLUME:.spec.volumeName,SIZE:.status.capacity.storage';
  console.log(await table(lab, 'persistentvolumeclaims', claims));
  for (const { iqn, initiator } of await lab.nas.sessions()) console.log(`${initiator} is logged in to ${iqn}`);
  const rows = lab.acknowledgements().map(({ app }) => app);
  for (const app of new Set(rows)) console.log(`${app} has committed ${rows.filter((one) => one === app).length} rows`);
  // A busy machine fails a probe of an app that is well.
  const waiting = await pollUntil(
    () => appsNotReady(lab, live),
    (apps) => apps.length === 0,
    { seconds: 120, everySeconds: 1 },
  );
  if (waiting.length > 0) throw new Error(`not ready: ${waiting.join(', ')}; nothing is left running`);
  console.log('\nEvery app is Ready: kubelets mounted its volumes from the NAS.');
  console.log('Apps are stand-ins, machines are emulated; kernels, iSCSI, NFS, kubelets and Pulumi are real.');
  if (engine.standIns.length > 0) {
    console.log(`Stand-ins of this project took the place of ${engine.standIns.join(' and ')}.`);
  }
}

function table(lab: Lab, kind: string, columns: string): Promise<string> {
  const all = `custom-columns=NAMESPACE:.metadata.namespace,${columns}`;
  return lab.kubectl(['get', kind, '--all-namespaces', '--output', all]);
}

async function appsNotReady(lab: Lab, live: LiveCluster): Promise<string[]> {
  const waiting: string[] = [];
  for (const { name, namespace } of Object.values(live.apps)) {
    const counts = 'jsonpath={.spec.replicas} {.status.readyReplicas}';
    const found = await lab.kubectl(['get', 'deployment', name, '--namespace', namespace, '--output', counts]);
    const [wanted, ready = '0'] = found.trim().split(' ');
    if (wanted !== ready) waiting.push(name);
  }
  return waiting;
}

/** The lines of Pulumi's summary that count resources. */
function resources(output: string): string {
  return /Resources:\n([\s\S]*?)\n\n/.exec(output)?.[1] ?? output;
}

function step(title: string): void {
  console.log(`\n== ${title}`);
}

// The lab ends with this process by itself; the project folder must be removed here.
function endInOrder(project: PulumiProject, lab: Lab): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, async () => {
      project.remove();
      await lab.stop();
      process.exit(130);
    });
  }
}

main().catch((error: Error) => {
  console.error(`\nThe rehearsal failed: ${error.message}`);
  process.exitCode = 1;
});
