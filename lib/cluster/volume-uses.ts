import { at } from '../core/paths';
import { isPersistent, kindOf, type PersistentVolume } from '../volumes/kinds';
import { isSingleWriter, normalMounts } from '../workload/model';
import type { MediaAppProps } from '../workload/props';

/** One use of a persistent volume in a description. */
export interface VolumeUse {
  readonly app: string;
  /** Path in the description: `apps.jellyfin.config[1]`. */
  readonly path: string;
  readonly mountPath: string;
  /** Index of the generation; 0 is the oldest. */
  readonly generation: number;
  readonly volume: PersistentVolume;
  readonly namespace: string;
  /** Whether the volume contains an app's own state, not media that apps share. */
  readonly state: boolean;
}

/** Lists every use of a persistent volume, including generations that are not live. */
export function volumeUses(apps: Readonly<Record<string, MediaAppProps>>, namespace: string): VolumeUse[] {
  return Object.entries(apps).flatMap(([app, props]) => usesOfApp(app, props, props.namespace ?? namespace));
}

function usesOfApp(app: string, props: MediaAppProps, namespace: string): VolumeUse[] {
  const configPath = props.configPath ?? props.facts?.configPath ?? '/config';
  return normalMounts(props, configPath).flatMap(({ mountPath, generations }, index) => {
    const isConfig = index === 0 && props.config !== undefined;
    const written = isConfig ? props.config : props.mounts?.[mountPath];
    const base = isConfig ? at('apps', app, 'config') : at('apps', app, 'mounts', mountPath);
    const holder = written && 'volume' in written ? at(base, 'volume') : base;
    const isList = Array.isArray(written && 'volume' in written ? written.volume : written);
    const statePaths = [configPath, ...(props.facts?.statePaths ?? [])];
    const state = isConfig || isList || statePaths.includes(mountPath);
    return generations.filter(isPersistent).map((volume, generation) => ({
      app,
      path: isList ? at(holder, generation) : holder,
      mountPath,
      generation,
      volume,
      namespace: volume.namespace ?? namespace,
      state: state || isDevice(volume),
    }));
  });
}

// Several apps may share an existing or dynamic claim on purpose. They never share a LUN that the description names.
function isDevice(volume: PersistentVolume): boolean {
  const named = volume.kind !== 'claim' && volume.kind !== 'existingClaim';
  return named && kindOf(volume).attachable(volume) && isSingleWriter(volume);
}
