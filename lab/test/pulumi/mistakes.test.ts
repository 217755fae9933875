import { expect, test } from 'vitest';
import { describeOneApp, useProject } from './fixture';

const fixture = useProject({ 'cluster.ts': describeOneApp() });

/** The output of a preview that must fail, without a stack trace. */
async function failure(stack: string): Promise<string> {
  const { code, output } = await fixture.project.tryPulumi('preview', '--stack', stack);
  expect(code).not.toBe(0);
  expect(output).not.toMatch(/^\s+at .*\.js:\d+/m);
  return output;
}

test('a stack that is no app is one line that names those there are', async () => {
  await fixture.project.pulumi('stack', 'init', 'sonar');
  expect(await failure('sonar')).toMatch(/Stack "sonar" is no app of .*cluster\.ts; its stacks are sonarr, shared/);
});

test('a missing kubeconfig is one line that says where it was looked for', async () => {
  await fixture.project.pulumi('stack', 'init', 'sonarr');
  const kubeconfig = fixture.project.environment.KUBECONFIG;
  fixture.project.environment.KUBECONFIG = '/nonexistent/kubeconfig';
  expect(await failure('sonarr')).toContain('There is no kubeconfig at /nonexistent/kubeconfig: set KUBECONFIG');
  fixture.project.environment.KUBECONFIG = kubeconfig;
});

test('an unknown context names those of the kubeconfig', async () => {
  fixture.project.write({ 'cluster.ts': describeOneApp().replace("context: 'home'", "context: 'work'") });
  expect(await failure('sonarr')).toMatch(/has no context "work"; it has "home"/);
});

test('every slip of the description is told at once, with its path', async () => {
  fixture.project.write({ 'cluster.ts': describeOneApp({ lun: 256, image: 'latest' }) });
  const output = await failure('sonarr');
  expect(output).toContain('apps.sonarr.config.lun: expected an integer from 0 to 255, got 256');
  expect(output).toContain('apps.sonarr.image: expected an image with a tag or digest other than "latest"');
  fixture.project.write({ 'cluster.ts': describeOneApp() });
});

test.each([
  ['adpot', 'true', 'has configuration that nothing reads: adpot; there is adopt'],
  ['adopt', 'yes', 'Configuration "adopt" of stack "sonarr" must be true or false, got "yes"'],
  ['nodes', 'true', 'Configuration "nodes" of stack "sonarr" has no meaning: nodes are prepared by the stack "shared"'],
])('configuration %s=%s is refused', async (key, value, message) => {
  await fixture.project.pulumi('config', 'set', key, value, '--stack', 'sonarr');
  expect(await failure('sonarr')).toContain(message);
  await fixture.project.pulumi('config', 'rm', key, '--stack', 'sonarr');
});

test('a program of one’s own takes parts of a description as components', async () => {
  fixture.project.write({
    'pulumi.js': `
const { ClusterPart } = require('lunward/pulumi');
const { defineCluster, emptyDir } = require('lunward');
const cluster = defineCluster({
  context: 'home',
  namespace: { name: 'default', existing: true },
  apps: {
    echo: { image: 'example.com/echo:1.0', ports: { http: 8080 }, mounts: { '/tmp': emptyDir() } },
    worker: { image: 'example.com/worker:1.0' },
  },
});
module.exports = async () => {
  const parts = await Promise.all(['echo', 'worker'].map((part) => ClusterPart.create(part, { cluster, part })));
  return { objects: parts.flatMap(({ objects }) => objects) };
};
`,
  });
  const output = await fixture.project.initAndUp('mine');
  expect(output).toContain('Deployment default/echo');
  for (const name of ['echo', 'worker']) {
    expect((await fixture.get('deployment', name)).status.readyReplicas).toBe(1);
  }
});
