import { describe, expect, it } from 'vitest';
import type { Lock } from '../../../lib/cluster/lock';
import type { LiveObject } from '../../../lib/kubernetes/cluster-client';
import { describedApp } from '../../../lib/owners/described-app';
import { KubectlOwner } from '../../../lib/owners/kubectl';
import { describedFolder } from '../../../test/cli/description';
import { describeApps, image, lun } from '../../../test/helpers';
import { useControlPlane } from './fixture';

const fixture = useControlPlane('media');
const folder = describedFolder();
const SHORT = 200;

/** Describes an app whose first volume is sealed as this attempt; unsealed without one. */
function write(attempt?: number): void {
  const seal = { attempt: attempt ?? 0, uuid: '6f1a3a4e-0f5c-4a53-9d0e-1c7f8a1f0b01' };
  const lock: Lock = { version: 1, live: {}, sealed: attempt === undefined ? {} : { app: { config: seal } } };
  const chown = { name: 'chown', image, command: ['chown', '1000', '/config'] };
  folder.describe(describeApps({ app: { image, config: lun('config'), pod: { initContainers: [chown] } } }), lock);
}
const owner = () => new KubectlOwner(fixture.client, folder.at('cluster.ts'), 'app');

describe('an app that kubectl applied', () => {
  it('is refused while it is not in the cluster', async () => {
    write();
    expect(await owner().refusals()).toMatchObject([
      {
        code: 'deployment-missing',
        subject: 'Deployment media/app',
        found: 'is not in the cluster',
        remedy: expect.stringContaining('apply it'),
      },
    ]);
    const { deployment } = await describedApp(folder.at('cluster.ts'), 'app');
    await fixture.client.create(deployment as LiveObject);
    expect(await owner().refusals()).toEqual([]);
  });

  it('is refused without the guard of its sealed volume, in one short line, until that is applied', async () => {
    write(1);
    const [refusal, ...more] = await owner().refusals();
    expect(more).toEqual([]);
    expect(refusal?.found).toContain('[lunward-guard]: runs without it, described the guard of attempt 1');
    expect(refusal?.found.length).toBeLessThan(SHORT);
    expect(refusal?.remedy).toContain('apply what "lunward synth" writes');
    const { deployment } = await describedApp(folder.at('cluster.ts'), 'app');
    const live = await fixture.client.read(deployment);
    await fixture.client.write({ ...live, spec: deployment.spec } as LiveObject);
    expect(await owner().refusals()).toEqual([]);
  });

  it.each([2, undefined])('is refused with the guard of another seal (described: %s)', async (attempt) => {
    write(attempt);
    const [refusal, ...more] = await owner().refusals();
    expect(more).toEqual([]);
    expect(refusal?.found.length).toBeLessThan(SHORT);
    expect(refusal?.remedy).toContain('"lunward status app"');
  });
});
