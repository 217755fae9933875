import type { FenceObjects } from '../../lib/kubernetes/fence-objects';

/** A spec of a policy or a binding, as much of it as is edited. */
interface EditedSpec {
  readonly variables: readonly object[];
  readonly validations: readonly object[];
  readonly matchConstraints: { readonly resourceRules: readonly object[] };
  readonly matchResources: object;
}

type FenceEdit = readonly [
  what: string,
  of: Exclude<keyof FenceObjects, 'mark'>,
  edit: (spec: EditedSpec) => Readonly<Record<string, unknown>>,
];

const selector = { matchLabels: { 'example.com/fenced': 'yes' } };
const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] };
const validation =
  (change: object): FenceEdit[2] =>
  ({ validations: [first], ...spec }) => ({ ...spec, validations: [{ ...first, ...change }] });
const constraint =
  (change: object): FenceEdit[2] =>
  (spec) => ({ ...spec, matchConstraints: { ...spec.matchConstraints, ...change } });
const firstRule =
  (change: object): FenceEdit[2] =>
  (spec) => {
    const [first, ...others] = spec.matchConstraints.resourceRules;
    return constraint({ resourceRules: [{ ...first, ...change }, ...others] })(spec);
  };
const resources =
  (change: object): FenceEdit[2] =>
  (spec) => ({ ...spec, matchResources: { ...spec.matchResources, ...change } });

/** What someone may edit in a fence by hand so that it refuses less, or says something else. The API server accepts each. */
export const fenceEdits: readonly FenceEdit[] = [
  ['failures ignored', 'policy', (spec) => ({ ...spec, failurePolicy: 'Ignore' })],
  ['another expression', 'policy', validation({ expression: 'true' })],
  ['another message', 'policy', validation({ message: 'no' })],
  ['another reason', 'policy', validation({ reason: 'Invalid' })],
  [
    'a further validation',
    'policy',
    (spec) => ({ ...spec, validations: [...spec.validations, { expression: 'true' }] }),
  ],
  [
    'a condition that is never met',
    'policy',
    (spec) => ({ ...spec, matchConditions: [{ name: 'x', expression: 'false' }] }),
  ],
  [
    'another variable',
    'policy',
    (spec) => ({
      ...spec,
      variables: spec.variables.map((one) =>
        'name' in one && one.name === 'volumes' ? { ...one, expression: '[]' } : one,
      ),
    }),
  ],
  ['another operation', 'policy', firstRule({ operations: ['UPDATE'] })],
  ['another scope', 'policy', firstRule({ scope: 'Cluster' })],
  ['only pods of one name', 'policy', firstRule({ resourceNames: ['x'] })],
  ['an excluded rule', 'policy', constraint({ excludeResourceRules: [rule] })],
  ['only equal versions', 'policy', constraint({ matchPolicy: 'Exact' })],
  ['only some namespaces', 'policy', constraint({ namespaceSelector: selector })],
  ['only some objects', 'policy', constraint({ objectSelector: selector })],
  ['only warnings', 'binding', (spec) => ({ ...spec, validationActions: ['Warn'] })],
  ['audits, too,', 'binding', (spec) => ({ ...spec, validationActions: ['Deny', 'Audit'] })],
  ['another policy', 'binding', (spec) => ({ ...spec, policyName: 'other' })],
  ['another namespace', 'binding', resources({ namespaceSelector: selector })],
  ['only some objects', 'binding', resources({ objectSelector: selector })],
  ['an excluded rule', 'binding', resources({ excludeResourceRules: [rule] })],
];
