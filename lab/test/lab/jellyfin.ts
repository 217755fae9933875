import type { Lab } from '../../lab';
import { iqnOf } from './log-in';
import { applySomebodysApp, describedApps, runSomebodysApp } from './somebodys-app';

export const PATH = '/volume2/kube-nfs/v/jellyfin-config';
export const IQN = iqnOf('jellyfin');
/** Size of every LUN here: each is read whole before it is formatted. */
export const SIZE = '64Mi';

const app = { name: 'jellyfin', image: 'lscr.io/linuxserver/jellyfin:10.11.5', port: 8096, path: PATH };

/**
 * The description of a user who wants its data on a LUN of that target.
 *
 * @param options.hostKey of node-b @default the one in known_hosts
 */
export function description({ size = SIZE, hostKey = '' } = {}): string {
  return describedApps([{ ...app, size }], { hostKey });
}

/** The target of a LUN that it is moved to next. */
export const NEXT = iqnOf('jellyfin-next');

/** The same, with that LUN as the newest generation. */
export function descriptionToNext(): string {
  const next = `iscsi({ name: 'jellyfin-config-3', targetPortal: '192.0.2.200:3260', iqn: '${NEXT}', lun: 1, size: '${SIZE}' }),`;
  return description().replace('      ],', `        ${next}\n      ],`);
}

/** Deploys it, or applies it with another environment; the folder of its volume is already exported. */
export function runJellyfin(lab: Lab, env: Readonly<Record<string, string>> = {}): Promise<void> {
  return runSomebodysApp(lab, { ...app, env });
}

/** Applies the manifests that it was first run with, and waits for nothing. */
export function applyFirstManifests(lab: Lab): Promise<void> {
  return applySomebodysApp(lab, app);
}
