/** Imports go one way: each layer may use the ones before it, never the ones after it. */
const layers = [
  'core',
  'scripts',
  'volumes',
  'workload',
  'catalog',
  'cluster',
  'constructs',
  'kubernetes',
  'nodes',
  'storage',
  'owners',
  'migration',
  'doctor',
  'pulumi',
  'cli',
];

module.exports = {
  forbidden: [
    ...layers.map((layer, index) => ({
      name: `${layer}-uses-only-layers-before-it`,
      severity: 'error',
      from: { path: `^lib/${layer}/` },
      to: { path: `^lib/(index|(${layers.slice(index + 1).join('|') || 'none'})/)` },
    })),
    ...['from', 'to'].map((end) => ({
      name: `every-folder-is-a-layer-${end}`,
      severity: 'error',
      from: {},
      to: {},
      [end]: { path: '^lib/', pathNot: `^lib/(index\\.ts$|(${layers.join('|')})/)` },
    })),
    {
      name: 'only-pulumi-imports-pulumi',
      severity: 'error',
      from: { path: '^lib/', pathNot: '^lib/pulumi/' },
      to: { path: '@pulumi/' },
    },
    {
      name: 'constructs-load-no-pulumi',
      severity: 'error',
      from: { path: '^lib/(index|core|volumes|workload|catalog|cluster|constructs)' },
      to: { path: '@pulumi/', reachable: true },
    },
    {
      name: 'description-needs-no-kubernetes-library',
      severity: 'error',
      from: { path: '^lib/(core|volumes|workload|catalog|cluster)/' },
      to: { path: 'node_modules/(cdk8s|cdk8s-plus-28|constructs|@kubernetes)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'library-never-uses-lab-or-tests',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^(lab|test|stacks|tools)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
  },
};
