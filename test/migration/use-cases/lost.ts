import { execFileSync } from 'node:child_process';
import type { LiveObject } from '../../../lib/kubernetes/cluster-client';
import type { World } from '../world/world';
import { begin } from './cases';

/** Deletes the journal, as someone may do with kubectl. */
export async function deleteJournal(world: World): Promise<World> {
  const journal = world.cluster.find('ConfigMap', 'lunward-app', 'media') as LiveObject;
  await world.cluster.client.delete(journal as never);
  return begin(world);
}

/** Applies the journal that a message contains, as the operator does. */
export function recover(world: World, message: string): void {
  world.cluster.apply({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'lunward-app', namespace: 'media' },
    data: { journal: journalIn(message) },
  });
  begin(world);
}

/** The journal that a message contains, as the shell passes it to kubectl. */
export function journalIn(message: string): string {
  const [, literal = ''] = /--from-literal=(journal='.*')"\. /.exec(message) ?? [];
  return execFileSync('sh', ['-c', `printf %s ${literal}`], { encoding: 'utf8' }).replace(/^journal=/, '');
}
