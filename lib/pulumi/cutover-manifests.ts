import type { Manifest } from '../core/kubernetes';
import type { Cutover } from '../migration/journal/cutover';
import { withoutAwait } from './skip-await';

/**
 * The purpose of an update that Lunward runs itself: `stop` stops the app; `start` lets it run and does not wait until it does;
 * `settle` applies the app as described, once it runs.
 */
export type OwnUpdate = 'stop' | 'start' | 'settle';

const VARIABLE = 'LUNWARD_UPDATE';

/**
 * The environment that names the current update to the program. It is valid only for this one cut-over, so a leftover
 * variable starts no app later.
 */
export function environmentOf(update: OwnUpdate, { at }: Cutover): NodeJS.ProcessEnv {
  return { [VARIABLE]: `${update} ${at}` };
}

/** The manifests of an app, and whether it is kept stopped. */
export interface CutoverManifests {
  readonly manifests: readonly Manifest[];
  readonly isKeptStopped: boolean;
}

/** What the manifests of an app follow from while its volumes may just be changing. */
export interface CutoverState {
  readonly cutover: Cutover | undefined;
  /** Whether the Deployment in the cluster asks for the app on its live volumes. */
  readonly isRunning: boolean;
}

/**
 * The manifests of an app whose volumes may be changing at the moment. An app that is down stays stopped, whoever applies it, until the
 * volumes that it will start on are live; during a rollback or a restart until Lunward itself starts it, because it must be stopped
 * first. One that runs on its live volumes is stopped by Lunward alone: a run that was cut off may have left it so.
 */
export function manifestsDuring(
  { cutover, isRunning }: CutoverState,
  manifests: readonly Manifest[],
  environment: NodeJS.ProcessEnv = process.env,
): CutoverManifests {
  if (!cutover) return { manifests, isKeptStopped: false };
  const isOf = (update: OwnUpdate) => environment[VARIABLE] === environmentOf(update, cutover)[VARIABLE];
  const isStartedByLunward = cutover.phase === 'returning' || cutover.phase === 'restarted';
  const mayRun =
    cutover.phase === 'switched' ||
    (isRunning && !isOf('stop')) ||
    (isStartedByLunward && (isOf('start') || isOf('settle')));
  if (!mayRun) return { manifests: manifests.map(stopped), isKeptStopped: true };
  if (!isOf('start')) return { manifests, isKeptStopped: false };
  const created = cutover.phase === 'switched' ? cutover.volumes.map(({ to }) => to) : [];
  return {
    manifests: manifests.map((manifest) => (isStarted(manifest, created) ? withoutAwait(manifest) : manifest)),
    isKeptStopped: false,
  };
}

function stopped(manifest: Manifest): Manifest {
  return manifest.kind === 'Deployment' ? { ...manifest, spec: { ...manifest.spec, replicas: 0 } } : manifest;
}

/**
 * Whether the object takes part in starting the app now. Pulumi does not wait for these: Lunward judges the start, and
 * may roll it back.
 */
function isStarted({ kind, metadata, spec }: Manifest, claims: readonly string[]): boolean {
  if (kind === 'PersistentVolumeClaim') return claims.includes(metadata.name);
  if (kind === 'PersistentVolume') {
    return claims.includes((spec?.claimRef as { readonly name: string } | undefined)?.name ?? '');
  }
  return kind === 'Deployment';
}
