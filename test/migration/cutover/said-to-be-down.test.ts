import { describe, expect, it } from 'vitest';
import { ConflictError } from '../../../lib/kubernetes/cluster-client';
import { cutOver } from '../../../lib/migration/cutover/cut-over';
import type { CutoverContext } from '../../../lib/migration/cutover/cutover-context';
import { useFastClock } from '../clock';
import { ModelWorld } from '../model-world';
import { failure, running } from '../moves';

useFastClock();

const conflict = async (): Promise<void> => {
  throw new ConflictError('the object has been modified');
};
const isReadOnly = () => {
  throw Object.assign(new Error('EROFS: read-only file system'), { code: 'EROFS', syscall: 'open' });
};

describe('an app that is down because', () => {
  it.each<[string, (site: CutoverContext) => Partial<CutoverContext>]>([
    ['somebody else wrote its Deployment', ({ owner }) => ({ owner: { ...owner, switchClaim: conflict } })],
    ['its Deployment could not be scaled', ({ owner }) => ({ owner: { ...owner, start: conflict } })],
    ['the lock file can not be written', () => ({ writeLock: isReadOnly })],
  ])('%s is reported as down', async (_, broken) => {
    const world = new ModelWorld();
    const site = await world.site();
    const error = await failure(cutOver({ ...site, ...broken(site) }, [world.volume], { onUnhealthy: 'rollback' }));
    expect(world.replicas).toBe(0);
    expect(error?.message).toMatch(/It is DOWN.*"lunward migrate app"/s);
    await cutOver(await world.site(), [world.volume], { onUnhealthy: 'rollback' });
    expect(world.state).toMatchObject({ ...running, cutover: undefined });
  });

  it('it could not be rolled back after another process’s write is reported as down', async () => {
    const world = new ModelWorld();
    world.fault = { isUnwell: true };
    const site = await world.site();
    let switches = 0;
    const owner = { ...site.owner, switchClaim: () => (++switches > 1 ? conflict() : site.owner.switchClaim()) };
    const error = await failure(cutOver({ ...site, owner }, [world.volume], { onUnhealthy: 'rollback' }));
    expect(world.replicas).toBe(0);
    expect(error?.message).toMatch(/It is DOWN.*"lunward rollback app"/s);
  });
});
