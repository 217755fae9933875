import { afterAll, beforeAll } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../control-plane/control-plane';
import { type Engine, findEngine } from '../../engine/engine';
import { PulumiProject } from '../../project/pulumi-project';

/** A control plane and a project for the tests of one file. */
export interface Fixture {
  readonly engine: Engine;
  readonly controlPlane: ControlPlane;
  readonly project: PulumiProject;
  /** Reads an object of the cluster. */
  get(...args: readonly string[]): Promise<KubernetesObject>;
}

/** An object as kubectl prints it. */
export interface KubernetesObject {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly generation?: number;
    readonly deletionTimestamp?: string;
    readonly resourceVersion?: string;
    readonly managedFields?: readonly { readonly subresource?: string }[];
    readonly labels?: Record<string, string>;
    readonly annotations?: Record<string, string>;
  };
  // biome-ignore lint/suspicious/noExplicitAny: whatever the API server answers
  readonly spec: any;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the API server answers
  readonly status: any;
  readonly items: readonly KubernetesObject[];
}

/** The parts of an object that change only if someone writes it; the cluster itself updates the others. */
export function written({ metadata, spec }: KubernetesObject): object {
  const { resourceVersion: _, managedFields = [], ...others } = metadata;
  return { ...others, spec, managedFields: managedFields.filter(({ subresource }) => subresource !== 'status') };
}

/** Starts them before the tests of a file, and removes them after. */
export function useProject(files: Readonly<Record<string, string>>): Fixture {
  const fixture = {} as { -readonly [Key in keyof Fixture]: Fixture[Key] };
  beforeAll(async () => {
    fixture.engine = await findEngine();
    fixture.controlPlane = await startControlPlane();
    fixture.project = PulumiProject.create(fixture.engine, fixture.controlPlane, files);
    fixture.get = async (...args) =>
      JSON.parse(
        await fixture.controlPlane.kubectl(['get', '--output', 'json', '--show-managed-fields', ...args]),
      ) as KubernetesObject;
  });
  afterAll(async () => {
    fixture.project?.remove();
    await fixture.controlPlane?.stop();
  });
  return fixture;
}

/** A description with one app; `config` and `more` are properties of the app in TypeScript. */
export function describeOneApp({ lun = 1, config = '', more = '', image = '4.0.15' } = {}): string {
  const volume = `iscsi({ name: 'sonarr-config', targetPortal: '192.0.2.200:3260', iqn: 'iqn.2000-01.com.example:sonarr', lun: ${lun}, size: '1Gi' })`;
  return `import { claim, defineCluster, iscsi, nfs, sonarr } from 'lunward';

export default defineCluster({
  context: 'home',
  namespace: 'media',
  defaults: { puid: 1000, pgid: 1000, timezone: 'Etc/UTC' },
  apps: {
    sonarr: sonarr({
      image: 'lscr.io/linuxserver/sonarr:${image}',
      config: ${config || volume},
      ${more}
    }),
  },
});
`;
}
