import { expect, it } from 'vitest';
import { liveVolumes } from '../../../lib/migration/use-cases/live-volumes';
import { resolveApp } from '../../../lib/workload/model';
import { image, lun, share } from '../../helpers';

const config = [share('config'), lun('config-2')] as const;
const model = resolveApp(
  { image, config, mounts: { '/books': [share('books'), lun('books-2')], '/media': share('media') } },
  { name: 'app', namespace: 'media' },
);
const books = { mountPath: '/books', claim: 'books', by: 'description' };

it.each<[string, Parameters<typeof liveVolumes>[2], Record<string, string>, object[]]>([
  [
    'the description, of an app that was never moved',
    { live: {}, before: {} },
    {},
    [{ mountPath: '/config', claim: 'config', by: 'description' }, books],
  ],
  [
    'the lock file',
    { live: {}, before: {} },
    { '/config': 'config-2' },
    [{ mountPath: '/config', claim: 'config-2', by: 'lock' }, books],
  ],
  [
    'no lock file that names what is not described',
    { live: {}, before: {} },
    { '/config': 'gone' },
    [{ mountPath: '/config', claim: 'config', by: 'description' }, books],
  ],
  [
    'the journal before the lock file',
    { live: { '/config': 'config-2' }, before: { '/config': 'config' } },
    { '/config': 'config' },
    [{ mountPath: '/config', claim: 'config-2', before: 'config', by: 'journal' }, books],
  ],
  [
    'the journal, of a mount that is not described',
    { live: { '/old': 'old' }, before: {} },
    {},
    [
      { mountPath: '/old', claim: 'old', by: 'journal' },
      { mountPath: '/config', claim: 'config', by: 'description' },
      books,
    ],
  ],
])('a volume with state is live by %s', (_, journal, locked, expected) => {
  expect(liveVolumes('app', model, journal, { version: 1, live: { app: locked } })).toEqual(expected);
});

it('an app without state has none', () => {
  const stateless = resolveApp({ image }, { name: 'app', namespace: 'media' });
  expect(liveVolumes('app', stateless, { live: {}, before: {} }, { version: 1, live: {} })).toEqual([]);
});
