import { expect, it } from 'vitest';
import { heldMounts } from '../../../lib/migration/survey/held-mounts';
import { describeStorage } from '../../../lib/storage/registry';
import { useFastClock } from '../clock';
import { ModelWorld, volume } from '../model-world';

useFastClock();

it('are none if only the app’s pod has the folder mounted, on its node', async () => {
  expect(await heldMounts(await new ModelWorld().site(), [volume])).toEqual([]);
});

it('are reported only for a node where no pod uses the folder', async () => {
  const world = new ModelWorld();
  world.fault = { isBusy: true };
  expect(await heldMounts(await world.site(), [volume])).toEqual([
    {
      subject: describeStorage(volume.source),
      code: 'source-in-use',
      found: 'would be in use still once the app is stopped: node-a has nas mounted at /config',
      remedy: 'unmount it there, or end what holds it',
    },
  ]);
});

it('are waited for, because the mounts of a copy may take time to disappear', async () => {
  const world = new ModelWorld();
  world.fault = { isBusy: true };
  const held = heldMounts(await world.site(), [volume]);
  world.fault = {};
  expect(await held).toEqual([]);
});
