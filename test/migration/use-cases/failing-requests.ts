import type { Fault } from '../world/changes';

const isWrite = (name: string) => /^(write|create|patch|delete) /.test(name);
const isOfNode = (name: string) => / on node-/.test(name);

const effects = ['seal-volume', 'release-', 'end-session', 'format-lun', 'mark-folder', 'wipe-lun', 'grow-', 'check-'];

/** Scripts and units that may change something on a node. */
export const isEffect = (name: string) =>
  /^(start|cancel) unit /.test(name) || effects.some((script) => name.startsWith(`run ${script}`));

/** What may become of something that is asked. */
export function faultsOf(name: string): Fault[] {
  if (name.startsWith('write ')) return ['request lost', 'answer lost', 'conflict', 'refused'];
  if (isWrite(name)) return ['request lost', 'answer lost', 'refused'];
  return isEffect(name) ? ['request lost', 'answer lost'] : ['request lost'];
}

/** Where it goes wrong: at one place, at it and the next, or from there on whatever is asked of the same, the cluster or a node. */
export const schedules = {
  once: (place: number) => (at: number) => at === place,
  twice: (place: number) => (at: number) => at === place || at === place + 1,
  'for the rest of the run': (place: number, name: string) => (at: number, asked: string) =>
    at >= place && isOfNode(asked) === isOfNode(name),
} as const;

export const failureOf = (work: Promise<unknown>) =>
  work.then(() => undefined).catch((error: unknown) => error as Error);
