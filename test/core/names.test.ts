import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  annotations,
  environmentName,
  labelName,
  labels,
  portName,
  serviceName,
  subdomainName,
} from '../../lib/core/names';
import { problemsOf } from '../../lib/core/schema';

const table: readonly (readonly [string, z.ZodType, readonly unknown[], readonly unknown[]])[] = [
  [
    'subdomainName',
    subdomainName,
    ['a', 'a-1.b', '0', 'a'.repeat(253)],
    ['', 'A', 'a_b', '-a', 'a-', 'a..b', '.a', 'a'.repeat(254), 1, undefined],
  ],
  ['labelName', labelName, ['a', '0a-b', 'a'.repeat(63)], ['', 'a.b', 'A', 'a-', 'a'.repeat(64)]],
  ['serviceName', serviceName, ['a', 'a-1'], ['1a', 'a.b', 'a'.repeat(64), '']],
  ['portName', portName, ['http', '1a', 'a'.repeat(15)], ['', '80', 'a--b', 'HTTP', 'a'.repeat(16), '-a']],
  ['environmentName', environmentName, ['TZ', '_a', 'a.b-c'], ['', '1A', 'A=B', 'A B']],
  [
    'labels',
    labels,
    [{}, { 'app.kubernetes.io/name': 'jellyfin' }, { tier: '' }, { a: 'A_b.c-1' }],
    [{ 'a/b/c': 'x' }, { '/a': 'x' }, { a: '-x' }, { a: 'x'.repeat(64) }, { a: 1 }, { 'A/': 'x' }, 'a=b'],
  ],
  ['annotations', annotations, [{ 'example.com/note': 'any text: {"a": 1}\n' }], [{ 'bad key': 'x' }, { a: true }]],
];

describe.each(table)('%s', (_, schema, accepted, refused) => {
  it.each(accepted)('takes %j', (value) => expect(problemsOf(schema, value, 'x')).toEqual([]));
  it.each(refused)('refuses %j', (value) => expect(problemsOf(schema, value, 'x')).toHaveLength(1));
});
