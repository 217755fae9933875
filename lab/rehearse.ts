/** `npm run rehearse`: the worked example, brought up on a real API server with emulated nodes. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { loadCluster } from '../lib/load/load-cluster';
import { type ControlPlane, startControlPlane } from './control-plane/control-plane';
import { type Engine, ensureEngine } from './engine/engine';
import { lines } from './engine/progress';
import { PulumiProject } from './project/pulumi-project';

const description = path.join(__dirname, '..', 'stacks', 'cluster.ts');

async function main(): Promise<void> {
  step('Getting a Pulumi engine and a control plane');
  const engine = await ensureEngine(lines());
  const controlPlane = await startControlPlane();
  console.log(`An API server answers at ${controlPlane.server}, for as long as this runs.`);
  const project = PulumiProject.create(engine, controlPlane, { 'cluster.ts': readFileSync(description, 'utf8') });
  endInOrder(project, controlPlane);
  try {
    await applyAll(project);
    await show(controlPlane, engine);
  } finally {
    project.remove();
    await controlPlane.stop();
  }
}

async function applyAll(project: PulumiProject): Promise<void> {
  const { cluster } = await loadCluster(description);
  for (const stack of ['shared', ...Object.keys(cluster.apps)]) {
    step(`pulumi up --stack ${stack}`);
    console.log(resources(await project.initAndUp(stack)));
  }
  const again = Object.keys(cluster.apps)[0] ?? 'shared';
  step(`pulumi up --stack ${again}, once more: nothing may change`);
  const second = resources(await project.up(again));
  console.log(second);
  if (/created|updated|deleted|replaced/.test(second)) {
    throw new Error(`a second \`pulumi up --stack ${again}\` changed something:\n${second}`);
  }
}

async function show(controlPlane: ControlPlane, engine: Engine): Promise<void> {
  step('What runs');
  console.log(await controlPlane.kubectl(['get', 'persistentvolumeclaims,deployments', '--namespace', 'media']));
  const ready = await controlPlane.kubectl(['get', 'deployments', '--namespace', 'media', '--output', 'json']);
  const { items } = JSON.parse(ready) as {
    items: { metadata: { name: string }; status: { readyReplicas?: number } }[];
  };
  const waiting = items.filter(({ status }) => status.readyReplicas !== 1).map(({ metadata }) => metadata.name);
  if (waiting.length > 0) {
    throw new Error(`not ready: ${waiting.join(', ')}; nothing is left running`);
  }
  console.log('The example is up: its manifests are what a real API server takes, its claims are Bound.');
  console.log('This rehearsal has the control plane alone. Nodes and pods are emulated by kwok: no container ran,');
  console.log('no NFS export and no LUN was mounted. Machines with a NAS are to come.');
  if (engine.standIns.length > 0) {
    console.log(`Stand-ins of this project took the place of ${engine.standIns.join(' and ')}.`);
  }
}

/** The lines of Pulumi's summary that count resources. */
function resources(output: string): string {
  return /Resources:\n([\s\S]*?)\n\n/.exec(output)?.[1] ?? output;
}

function step(title: string): void {
  console.log(`\n== ${title}`);
}

// The control plane ends with this process by itself; the project folder is ours to remove.
function endInOrder(project: PulumiProject, controlPlane: ControlPlane): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, async () => {
      project.remove();
      await controlPlane.stop();
      process.exit(130);
    });
  }
}

main().catch((error: Error) => {
  console.error(`\nThe rehearsal failed: ${error.message}`);
  process.exitCode = 1;
});
