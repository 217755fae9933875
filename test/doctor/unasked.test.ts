import { expect, it } from 'vitest';
import { UnanswerableError, UnreachableError, UserError } from '../../lib/core/problems';
import { unaskedFindings } from '../../lib/doctor/unasked';

const forbidden = (name: string, namespace: string) =>
  new UnanswerableError(
    `configmaps "${name}" is forbidden: User "viewer" cannot get resource "configmaps" in API group "" in the namespace "${namespace}"`,
  );

it.each([
  ['nothing', [], []],
  [
    'two lost answers',
    [new UnreachableError('no connection'), new UnreachableError('timeout')],
    ['cluster-unreachable'],
  ],
  ['one missing permission, met twice', [forbidden('a', 'media'), forbidden('b', 'media')], ['cluster-forbidden']],
  [
    'permissions in two namespaces',
    [forbidden('a', 'media'), forbidden('a', 'tv')],
    ['cluster-forbidden', 'cluster-forbidden'],
  ],
  [
    'a missing permission and a lost answer',
    [forbidden('a', 'media'), new UnreachableError('no connection')],
    ['cluster-forbidden', 'cluster-unreachable'],
  ],
  [
    'errors that are neither, each with what it says',
    [new UserError('one'), new UserError('two')],
    ['cluster-unreachable', 'cluster-unreachable'],
  ],
])('%s: one finding for each cause, with everything that was asked for', (_, errors, codes) => {
  const found = unaskedFindings(errors.map((error, index) => ({ about: `question ${index}`, error })));
  expect(found.map(({ code }) => code)).toEqual(codes);
  const all = found.map((finding) => finding.found).join();
  for (const index of errors.keys()) expect(all).toContain(`question ${index}`);
});

it('is as severe as the caller says', () => {
  const all = [{ about: 'it', error: new UnreachableError('no connection') }];
  expect(unaskedFindings(all)).toMatchObject([{ severity: 'warning' }]);
  expect(unaskedFindings(all, 'error')).toMatchObject([{ severity: 'error' }]);
});
