import { describe, expect, it } from 'vitest';
import { changesOf, errorsOf, metPending } from '../../lib/pulumi/engine-output';

const event = (severity: string, message: string) => JSON.stringify({ diagnosticEvent: { severity, message } });
const run = (more: { stdout?: string; stderr?: string; code?: number }) => ({
  code: 1,
  stdout: '',
  stderr: '',
  ...more,
});

describe('errorsOf', () => {
  it.each<[string, Parameters<typeof run>[0], string[]]>([
    [
      'the errors of an update, each once, without what follows from them',
      {
        stdout: [
          event('debug', 'Registering resource'),
          event('error', '<{%fg 1%}>error: <{%reset%}>Apply failed with 1 conflict\n'),
          event('error', 'error: Apply failed with 1 conflict'),
          event('error', 'update failed'),
          '{"sequence":1,',
        ].join('\n'),
      },
      ['Apply failed with 1 conflict'],
    ],
    [
      'those of a preview, which is one object',
      {
        stdout: JSON.stringify(
          { diagnostics: [{ severity: 'error', message: 'error: no context "x"\n' }] },
          undefined,
          2,
        ),
      },
      ['no context "x"'],
    ],
    ['what is said before there are events', { stderr: 'error: passphrase must be set\n' }, ['passphrase must be set']],
    ['that nothing was said', { code: 255 }, ['it ended with 255 and said nothing']],
    ['that it was killed', { code: undefined }, ['it was killed']],
  ])('are %s', (_, ended, words) => {
    expect(errorsOf(run(ended))).toEqual(words);
  });
});

describe('metPending', () => {
  it.each([
    ['Attempting to deploy or update resources with 1 pending operations from previous deployment.\n  * urn', true],
    ['no storage class found', false],
  ])('%s: %s', (message, met) => {
    expect(metPending(run({ stdout: event('warning', message), code: 0 }))).toBe(met);
  });
});

describe('changesOf', () => {
  const deployment = { inputs: { kind: 'Deployment', metadata: { name: 'app', namespace: 'media' } } };
  const urn = 'urn:pulumi:app::home::kubernetes:apps/v1:Deployment::deployment-media/app';
  it.each<[string, object, string[]]>([
    ['nothing', { op: 'same', urn }, []],
    [
      'an update, with its fields',
      { op: 'update', urn, oldState: deployment, newState: deployment, detailedDiff: { 'spec.replicas': {} } },
      ['update Deployment media/app: spec.replicas'],
    ],
    ['a delete', { op: 'delete', urn, oldState: deployment, detailedDiff: null }, ['delete Deployment media/app']],
    [
      'what is no object of Kubernetes',
      { op: 'create', urn: 'urn:pulumi:app::home::pulumi:pulumi:Stack::home-app' },
      ['create home-app'],
    ],
  ])('of %s', (_, step, lines) => {
    expect(changesOf({ stdout: JSON.stringify({ steps: [step] }) })).toEqual(lines);
  });
});
