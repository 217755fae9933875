import { describe, expect, it } from 'vitest';
import { sonarr } from '../../lib/catalog';
import { type ClusterDescription, defineCluster, isCluster } from '../../lib/cluster';
import { describeApps, image, lun, problemsIn, problemsWith, refusal, untyped } from '../helpers';

describe('defineCluster', () => {
  it('returns an immutable cluster', () => {
    const description = describeApps({ sonarr: sonarr({ image, config: lun('sonarr') }) });
    const cluster = defineCluster(description);
    expect(isCluster(cluster)).toBe(true);
    expect(Object.isFrozen(cluster)).toBe(true);
    expect(cluster).toMatchObject({ description, namespace: { name: 'media' }, apps: description.apps });
  });

  it('accepts a description without apps', () => expect(problemsIn({})).toEqual([]));

  it('reports the problems of all apps at once, with their paths', () => {
    const error = refusal(() =>
      defineCluster(
        describeApps({
          sonarr: sonarr({ image: 'sonarr', config: lun('a', { lun: 256 }) }),
          'home-assistant': { image: 'app:latest' },
        }),
      ),
    );
    expect(error.message.split('\n').map((line) => line.replace(/: expected.*/, ''))).toEqual([
      'The description of the cluster has 3 problems:',
      '  apps.sonarr.image',
      '  apps.sonarr.config.lun',
      '  apps["home-assistant"].image',
    ]);
  });

  const rows: readonly (readonly [string, Partial<ClusterDescription>, string, string])[] = [
    ['a slip of the keyboard', untyped({ contxt: 'home' }), 'contxt', 'no such property here'],
    ['a slip in a node', { nodes: { a: untyped({ shh: 'x' }) } }, 'nodes.a.shh', 'no such property here'],
    ['a slip in the defaults', { defaults: untyped({ uid: 1 }) }, 'defaults.uid', 'no such property here'],
    ['an identity that is no default', { defaults: untyped({ runAsUser: 1 }) }, 'defaults.runAsUser', 'no such'],
    ['a slip in the namespace', { namespace: untyped({ name: 'a', lables: {} }) }, 'namespace.lables', 'no such'],
    ['a name that no namespace can have', { namespace: 'Media' }, 'namespace', 'a name of lower case'],
    ['no namespace', { namespace: untyped(undefined) }, 'namespace', 'a namespace such as "media"'],
    ['a node that has no name', { nodes: { 'Node A': {} } }, 'nodes["Node A"]', 'a name of lower case'],
    ['an address without a user', { nodes: { a: { ssh: '192.0.2.210' } } }, 'nodes.a.ssh', 'a user and an address'],
    ['a port 0', { nodes: { a: { ssh: 'me@192.0.2.210:0' } } }, 'nodes.a.ssh', 'a user and an address'],
    ['a port 65536', { nodes: { a: { ssh: 'me@192.0.2.210:65536' } } }, 'nodes.a.ssh', 'a user and an address'],
    ['IPv6 without brackets', { nodes: { a: { ssh: 'me@2001:db8::1' } } }, 'nodes.a.ssh', 'a user and an address'],
    ['an option for ssh', { nodes: { a: { ssh: '-oProxyCommand=x' } } }, 'nodes.a.ssh', 'a user and an address'],
    ['an app called shared', { apps: { shared: { image } } }, 'apps.shared', 'another name than "shared"'],
    ['a name that no app can have', { apps: { 'Home Assistant': { image } } }, 'apps["Home Assistant"]', 'a name of'],
    ['an app that is none', { apps: { a: untyped(null) } }, 'apps.a', 'an app such as sonarr'],
    ['apps as a list', { apps: untyped([]) }, 'apps', 'an object'],
  ];

  it.each(rows)('refuses %s', (_, more, path, expected) => {
    expect(problemsWith({}, more)).toContainEqual(
      expect.objectContaining({ path, expected: expect.stringContaining(expected) }),
    );
  });

  it.each(['admin@192.0.2.210', 'admin@nas.example.com:2222', 'admin@[2001:db8::1]:22', 'a.b-c_1@node-a'])(
    'reaches a node by %s',
    (ssh) => expect(problemsWith({}, { nodes: { 'node-a': { ssh }, 'node-b': {} } })).toEqual([]),
  );

  it.each([undefined, null, 'a', []])('refuses %j for a description', (value) => {
    expect(() => defineCluster(untyped(value))).toThrow(/\(all of it\): expected an object/);
  });
});

it.each([undefined, null, {}, 'cluster', () => 1])('isCluster is false for %s', (value) => {
  expect(isCluster(value)).toBe(false);
});
