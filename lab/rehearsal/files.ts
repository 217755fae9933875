import type { DescribedPod } from './needs';

/** A Secret or ConfigMap, with the keys that are used by name. */
export interface Named {
  readonly namespace: string;
  readonly name: string;
  readonly keys: readonly string[];
}

/** What pods read from Secrets and ConfigMaps that are not in the description. */
export function filesOf(pods: readonly DescribedPod[]): { secrets: Named[]; configMaps: Named[] } {
  const secrets = new Keys();
  const configMaps = new Keys();
  for (const { namespace, spec } of pods) {
    for (const { env = [], envFrom = [] } of [...spec.containers, ...(spec.initContainers ?? [])]) {
      for (const { secretRef, configMapRef } of envFrom) {
        secrets.note(namespace, secretRef?.name);
        configMaps.note(namespace, configMapRef?.name);
      }
      for (const { valueFrom } of env) {
        secrets.note(namespace, valueFrom?.secretKeyRef?.name, valueFrom?.secretKeyRef?.key);
        configMaps.note(namespace, valueFrom?.configMapKeyRef?.name, valueFrom?.configMapKeyRef?.key);
      }
    }
    for (const { secret, configMap } of spec.volumes ?? []) {
      secrets.note(namespace, secret?.secretName, ...(secret?.items ?? []).map(({ key }) => key));
      configMaps.note(namespace, configMap?.name, ...(configMap?.items ?? []).map(({ key }) => key));
    }
    // A file that is mounted by itself must exist as a file.
    for (const { volumeMounts = [] } of spec.containers) {
      for (const { name, subPath } of volumeMounts) {
        const volume = spec.volumes?.find((candidate) => candidate.name === name);
        if (!subPath || volume?.secret?.items || volume?.configMap?.items) continue;
        secrets.note(namespace, volume?.secret?.secretName, subPath);
        configMaps.note(namespace, volume?.configMap?.name, subPath);
      }
    }
  }
  return { secrets: secrets.all(), configMaps: configMaps.all() };
}

class Keys {
  private readonly found = new Map<string, Set<string>>();

  note(namespace: string, name: string | undefined, ...keys: readonly (string | undefined)[]): void {
    if (!name) return;
    const known = this.found.get(`${namespace}/${name}`) ?? new Set();
    for (const key of keys) if (key) known.add(key);
    this.found.set(`${namespace}/${name}`, known);
  }

  all(): Named[] {
    return [...this.found].map(([place, keys]) => {
      const [namespace = '', name = ''] = place.split('/');
      return { namespace, name, keys: [...keys].sort() };
    });
  }
}
