import { at } from '../core/paths';
import { isPersistent, kindOf, type PersistentVolume } from '../volumes/kinds';
import { isSingleWriter, normalMounts } from '../workload/model';
import type { MediaAppProps } from '../workload/props';

/** One mention of a persistent volume in a description. */
export interface VolumeUse {
  readonly app: string;
  /** Where in the description: `apps.jellyfin.config[1]`. */
  readonly path: string;
  readonly mountPath: string;
  /** Its place among the generations, 0 the oldest. */
  readonly generation: number;
  readonly volume: PersistentVolume;
  readonly namespace: string;
  /** Whether it holds an app's own state, rather than media that apps share. */
  readonly state: boolean;
}

/** Every mention of a persistent volume, generations that are not live included. */
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

// A claim that exists or is dynamic may be meant for several apps; a LUN that is named here never is.
function isDevice(volume: PersistentVolume): boolean {
  const named = volume.kind !== 'claim' && volume.kind !== 'existingClaim';
  return named && kindOf(volume).attachable(volume) && isSingleWriter(volume);
}
