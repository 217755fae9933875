import { expect, it } from 'vitest';
import { onNodes } from '../../lib/volumes';

it('names nodes by host name', () => {
  const [term] = onNodes('node-a', 'node-b').required?.nodeSelectorTerms ?? [];
  expect(term?.matchExpressions).toEqual([
    { key: 'kubernetes.io/hostname', operator: 'In', values: ['node-a', 'node-b'] },
  ]);
});
