import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type ControlPlane, startControlPlane } from '../lab/control-plane/control-plane';
import { type Engine, findEngine } from '../lab/engine/engine';
import { PulumiProject } from '../lab/project/pulumi-project';
import { compare, type Program } from './compare';
import { oneApp } from './one-app';
import { print } from './print';

/**
 * A preview of one app, compared with a hand-written program that has the same resources; both without the time of an
 * empty program.
 */
export async function benchPreview(): Promise<void> {
  const engine = await findEngine().catch((error: Error) => {
    console.log(`\nThe preview is not measured: ${error.message}`);
  });
  if (!engine) return;
  const controlPlane = await startControlPlane();
  const projects: PulumiProject[] = [];
  try {
    // It belongs to the shared stack: an app's preview requires it.
    await controlPlane.kubectl(['create', 'namespace', 'media']);
    const make = async (files: Readonly<Record<string, string>>): Promise<Program> => {
      const project = await makeProject(engine, controlPlane, files);
      projects.push(project);
      const command = ['pulumi', 'preview', '--stack', 'sonarr', '--non-interactive'];
      return { command, cwd: project.folder, env: project.environment };
    };
    const programs = {
      ours: await make({ 'cluster.ts': oneApp }),
      floor: await make({ 'pulumi.js': readFileSync(path.join(__dirname, 'hand-written.js'), 'utf8') }),
      base: await make({ 'pulumi.js': 'module.exports = {};\n' }),
    };
    await assertSame(projects);
    const origin = engine.standIns.length > 0 ? `; stand-ins: ${engine.standIns.join(', ')}` : '';
    print(
      `pulumi preview of one app, against a program written by hand, beyond an empty program${origin}`,
      compare(programs, 7),
    );
  } finally {
    for (const project of projects) project.remove();
    await controlPlane.stop();
  }
}

async function makeProject(
  engine: Engine,
  controlPlane: ControlPlane,
  files: Readonly<Record<string, string>>,
): Promise<PulumiProject> {
  const project = PulumiProject.create(engine, controlPlane, files);
  await project.pulumi('stack', 'init', 'sonarr');
  return project;
}

// A floor with fewer resources would be no floor.
async function assertSame([ours, floor]: readonly PulumiProject[]): Promise<void> {
  const [left, right] = await Promise.all([ours, floor].map((project) => project && kubernetesResources(project)));
  if (!left || left !== right) {
    throw new Error(`hand-written.js has other resources than lunward makes:\n${right}\ninstead of\n${left}`);
  }
}

async function kubernetesResources(project: PulumiProject): Promise<string> {
  const output = await project.pulumi('preview', '--stack', 'sonarr', '--json');
  const { steps } = JSON.parse(output.slice(output.indexOf('{'))) as { steps: Step[] };
  const objects = steps.map(({ newState }) => newState).filter(({ type }) => type.startsWith('kubernetes:'));
  return objects
    .map(({ type, inputs }) => `${type} ${JSON.stringify(inputs?.spec)}`)
    .sort()
    .join('\n');
}

interface Step {
  readonly newState: { readonly type: string; readonly inputs?: { readonly spec?: unknown } };
}
