import { expect, it } from 'vitest';
import { restartedText, restartPlanText } from '../../../lib/cli/views/restart-text';

const finding = {
  code: 'file-system-stopped',
  subject: 'LUN 1 of iqn.2000-01.com.example:tv',
  severity: 'error',
  found: 'has a file system that was stopped',
  remedy: 'run "lunward restart tv"',
} as const;

it('shows what a restart would do, what is wrong, and the digest last', () => {
  const volumes = [{ mountPath: '/config', claim: 'tv-config', place: finding.subject }];
  expect(restartPlanText({ app: 'tv', volumes, findings: [finding], digest: '0123456789abcdef' })).toBe(
    [
      'tv: is stopped, its file systems are checked while nothing uses them, and it is started again',
      '  /config on claim tv-config, LUN 1 of iqn.2000-01.com.example:tv',
      '  what can be repaired without an answer is repaired; if more is wrong, the app stays down',
      '',
      'error: LUN 1 of iqn.2000-01.com.example:tv has a file system that was stopped',
      '  run "lunward restart tv"',
      '',
      '  digest 0123456789abcdef',
    ].join('\n'),
  );
});

it('shows what was checked, and where the app runs', () => {
  const check = { claim: 'tv-config', node: 'node-a', result: 'changed', said: '11/8192 files' } as const;
  expect(restartedText({ app: 'tv', checks: [check], pod: { name: 'tv-1', node: 'node-b' }, findings: [] })).toBe(
    'tv-config: checked on node-a, errors were repaired (11/8192 files)\ntv runs again: pod tv-1 on node-b is Ready.',
  );
});

it('says that an app that was not running is not started', () => {
  expect(restartedText({ app: 'tv', checks: [], findings: [] })).toContain('no replicas');
});
