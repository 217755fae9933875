import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import type { ApiClient } from './api-client';
import { createLocalPathObjects, LOCAL_PATH_NAMESPACE } from './local-path';
import type { Plan } from './messages';

export const NODE_ANNOTATION = 'kwok.x-k8s.io/node=fake';

interface Status {
  readonly status?: { readonly conditions?: readonly { type: string; status: string }[] };
}

/**
 * What a cluster has before anybody uses it: emulated nodes, a class of
 * node-local storage, the Gateway API. Nodes that are machines join by themselves.
 */
export async function createObjects(api: ApiClient, plan: Plan, crds: string): Promise<void> {
  await Promise.all([
    ...plan.nodes.map((name) => api.post('/api/v1/nodes', node(name))),
    ...definitions(crds).map((definition) =>
      api.post('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition),
    ),
    createLocalPathObjects(api, plan.kubelets.length > 0),
  ]);
}

/** Waits until pods can be created and scheduled, and claims bound. */
export async function whenUsable(
  api: ApiClient,
  nodes: readonly string[],
  crds: string,
  /** Throws when there is no sense in waiting on. */
  check: () => void,
): Promise<void> {
  const conditions: [what: string, path: string, condition?: string][] = [
    ...nodes.map((name): [string, string, string] => [`node ${name}`, `/api/v1/nodes/${name}`, 'Ready']),
    ...definitions(crds).map(({ metadata: { name } }): [string, string, string] => [
      name,
      `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`,
      'Established',
    ]),
    ...['default', LOCAL_PATH_NAMESPACE].map((namespace): [string, string] => [
      `service account of ${namespace}`,
      `/api/v1/namespaces/${namespace}/serviceaccounts/default`,
    ]),
  ];
  for (const [what, path, condition] of conditions) {
    while (!isMet(await api.get<Status>(path), condition)) {
      try {
        check();
      } catch (error) {
        throw new Error(`waiting for ${what} to be ${condition ?? 'there'}: ${(error as Error).message}`);
      }
      await sleep(50);
    }
  }
}

function isMet(object: Status | undefined, condition: string | undefined): boolean {
  if (!object || !condition) return object !== undefined;
  return object.status?.conditions?.some(({ type, status }) => type === condition && status === 'True') ?? false;
}

function node(name: string): object {
  const [key = '', value = ''] = NODE_ANNOTATION.split('=');
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations: { [key]: value },
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'node.kubernetes.io/instance-type': 'emulated',
      },
    },
    status: {
      allocatable: { cpu: '32', memory: '256Gi', pods: '500' },
      capacity: { cpu: '32', memory: '256Gi', pods: '500' },
    },
  };
}

function definitions(folder: string): { metadata: { name: string } }[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => parse(readFileSync(join(folder, name), 'utf8')) as { metadata: { name: string } });
}
