/** Everything that is pinned: what to build or copy, from which Go module, at which version. */

export type Role = 'pulumi' | 'control-plane';

/** A program that `go build` makes. */
export interface Program {
  readonly kind: 'program';
  /** File name below `bin/`. */
  readonly name: string;
  readonly version: string;
  readonly minutes: number;
  readonly role: Role;
  /** Folder below `go/` that holds `go.mod` and `go.sum`. */
  readonly module: string;
  /** Import path to build; `.` is the module's own `main.go`. */
  readonly package: string;
  readonly tags?: string;
  /** Variables the linker sets, since published modules do not know their own version. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Files of other modules that the module's own `main.go` embeds. */
  readonly embeds?: readonly Embed[];
}

export interface Embed {
  readonly from: string;
  readonly path: string;
  /** Upstream's build writes the version into its schema; the module holds it without. */
  readonly setVersion?: string;
}

/** Files that are copied out of a module. */
export interface Files {
  readonly kind: 'files';
  /** Folder name below `files/`. */
  readonly name: string;
  readonly version: string;
  readonly minutes: number;
  readonly role: Role;
  readonly module: string;
  readonly from: string;
  readonly paths: readonly string[];
}

export type Piece = Program | Files;

export const PULUMI_VERSION = '3.246.0';
export const KUBERNETES_PROVIDER_VERSION = '4.25.0';
export const COMMAND_PROVIDER_VERSION = '1.2.1';
export const KUBERNETES_VERSION = '1.35.4';

/** Announced before a build, as is `minutes` of each piece: both measured on two cores, all from cold. */
export const TEMPORARY_GIGABYTES = 11;

const kubernetesProvider = 'github.com/pulumi/pulumi-kubernetes/provider/v4';

function kubernetes(name: string, minutes: number): Program {
  const [major, minor] = KUBERNETES_VERSION.split('.') as [string, string];
  const variables: Record<string, string> = {};
  for (const path of ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version']) {
    variables[`${path}.gitVersion`] = `v${KUBERNETES_VERSION}`;
    variables[`${path}.gitMajor`] = major;
    variables[`${path}.gitMinor`] = minor;
    variables[`${path}.gitTreeState`] = 'clean';
  }
  return {
    kind: 'program',
    name,
    version: KUBERNETES_VERSION,
    minutes,
    role: 'control-plane',
    module: 'kubernetes',
    package: `k8s.io/kubernetes/cmd/${name}`,
    variables,
  };
}

/** In the order of building: what most work waits for comes first. */
export const PIECES: readonly Piece[] = [
  {
    kind: 'program',
    name: 'pulumi',
    version: PULUMI_VERSION,
    minutes: 4,
    role: 'pulumi',
    module: 'pulumi',
    package: 'github.com/pulumi/pulumi/pkg/v3/cmd/pulumi',
    tags: 'osusergo,grpcnotrace',
    variables: { 'github.com/pulumi/pulumi/sdk/v3/go/common/version.Version': `v${PULUMI_VERSION}` },
  },
  {
    kind: 'program',
    name: 'etcd',
    version: '3.6.14',
    minutes: 0.5,
    role: 'control-plane',
    module: 'etcd',
    package: 'go.etcd.io/etcd/server/v3',
  },
  kubernetes('kube-apiserver', 4),
  kubernetes('kube-controller-manager', 1),
  kubernetes('kube-scheduler', 0.3),
  kubernetes('kubectl', 0.4),
  kubernetes('kubelet', 0.6),
  {
    kind: 'program',
    name: 'kwok',
    version: '0.8.0',
    minutes: 1.5,
    role: 'control-plane',
    module: 'kwok',
    package: 'sigs.k8s.io/kwok/cmd/kwok',
  },
  {
    kind: 'files',
    name: 'kwok-stages',
    version: '0.8.0',
    minutes: 0,
    role: 'control-plane',
    module: 'kwok',
    from: 'sigs.k8s.io/kwok',
    paths: [
      'kustomize/stage/pod/fast/pod-ready.yaml',
      'kustomize/stage/pod/fast/pod-complete.yaml',
      'kustomize/stage/pod/fast/pod-delete.yaml',
      'kustomize/stage/node/fast/node-initialize.yaml',
      'kustomize/stage/node/heartbeat/node-heartbeat.yaml',
    ],
  },
  {
    kind: 'program',
    name: 'local-path-provisioner',
    version: '0.0.30',
    minutes: 1,
    role: 'control-plane',
    module: 'local-path-provisioner',
    package: 'github.com/rancher/local-path-provisioner',
  },
  {
    kind: 'program',
    name: 'media-app',
    version: '1.0.0',
    minutes: 1,
    role: 'control-plane',
    module: 'media-app',
    package: '.',
  },
  {
    kind: 'files',
    name: 'gateway-api',
    version: '1.4.1',
    minutes: 0,
    role: 'control-plane',
    module: 'gateway-api',
    from: 'sigs.k8s.io/gateway-api',
    paths: ['gatewayclasses', 'gateways', 'httproutes', 'referencegrants'].map(
      (kind) => `config/crd/standard/gateway.networking.k8s.io_${kind}.yaml`,
    ),
  },
  {
    kind: 'program',
    name: 'pulumi-resource-kubernetes',
    version: KUBERNETES_PROVIDER_VERSION,
    minutes: 8,
    role: 'pulumi',
    module: 'pulumi-resource-kubernetes',
    package: '.',
    variables: { [`${kubernetesProvider}/pkg/version.Version`]: KUBERNETES_PROVIDER_VERSION },
    embeds: [
      {
        from: kubernetesProvider,
        path: 'cmd/pulumi-resource-kubernetes/schema.json',
        setVersion: KUBERNETES_PROVIDER_VERSION,
      },
      { from: kubernetesProvider, path: 'cmd/pulumi-resource-kubernetes/terraform-mapping.json' },
    ],
  },
];
