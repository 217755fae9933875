import type { Manifest } from '../core/kubernetes';
import type { Cutover } from '../migration/journal/journal';
import { withoutAwait } from './skip-await';

/**
 * What an update by Lunward itself is for: `start` lets the app run, and doesn't wait until it does; `settle` lets it be as it is
 * described, once it runs.
 */
export type OwnUpdate = 'start' | 'settle';

const VARIABLE = 'LUNWARD_UPDATE';

/** The environment that tells the program which update it is in. It counts for this one cut-over: whatever is left of it starts no app later. */
export function environmentOf(update: OwnUpdate, { at }: Cutover): NodeJS.ProcessEnv {
  return { [VARIABLE]: `${update} ${at}` };
}

/** The manifests of an app, and whether it is kept stopped. */
export interface CutoverManifests {
  readonly manifests: readonly Manifest[];
  readonly isKeptStopped: boolean;
}

/**
 * The manifests of an app that may be in the middle of changing its volumes. Until those that it starts on are live it is kept
 * stopped, whoever applies it; on the way back until Lunward itself starts it, since it has to be stopped first.
 */
export function manifestsDuring(
  cutover: Cutover | undefined,
  manifests: readonly Manifest[],
  environment: NodeJS.ProcessEnv = process.env,
): CutoverManifests {
  if (!cutover) return { manifests, isKeptStopped: false };
  const isOf = (update: OwnUpdate) => environment[VARIABLE] === environmentOf(update, cutover)[VARIABLE];
  const mayRun = cutover.phase === 'done' || (cutover.phase === 'back' && (isOf('start') || isOf('settle')));
  if (!mayRun) return { manifests: manifests.map(stopped), isKeptStopped: true };
  if (!isOf('start')) return { manifests, isKeptStopped: false };
  const created = cutover.phase === 'done' ? cutover.volumes.map(({ to }) => to) : [];
  return {
    manifests: manifests.map((manifest) => (isStarted(manifest, created) ? withoutAwait(manifest) : manifest)),
    isKeptStopped: false,
  };
}

function stopped(manifest: Manifest): Manifest {
  return manifest.kind === 'Deployment' ? { ...manifest, spec: { ...manifest.spec, replicas: 0 } } : manifest;
}

/** Whether it is a part of what becomes of the app now: that is judged by whoever starts it, who may take it back. */
function isStarted({ kind, metadata, spec }: Manifest, claims: readonly string[]): boolean {
  if (kind === 'PersistentVolumeClaim') return claims.includes(metadata.name);
  if (kind === 'PersistentVolume') {
    return claims.includes((spec?.claimRef as { readonly name: string } | undefined)?.name ?? '');
  }
  return kind === 'Deployment';
}
