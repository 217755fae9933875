import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../lib/core/kubernetes';
import { dependenciesOf } from '../../lib/pulumi/edges';

const object = (kind: string, name: string, spec: Record<string, unknown> = {}, namespace?: string): Manifest => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, ...(namespace && { namespace }) },
  spec,
});

const pod = (...claims: string[]) => ({
  template: {
    spec: { volumes: [{ emptyDir: {} }, ...claims.map((claimName) => ({ persistentVolumeClaim: { claimName } }))] },
  },
});

const all = {
  namespace: object('Namespace', 'media'),
  volume: object('PersistentVolume', 'pv'),
  claim: object('PersistentVolumeClaim', 'data', { volumeName: 'pv' }, 'media'),
  foreign: object('PersistentVolumeClaim', 'data', {}, 'other'),
  deployment: object('Deployment', 'app', pod('data', 'elsewhere'), 'media'),
  service: object('Service', 'app', {}, 'media'),
  ingress: object(
    'Ingress',
    'app',
    { rules: [{ http: { paths: [{ backend: { service: { name: 'app' } } }] } }] },
    'media',
  ),
  route: object('HTTPRoute', 'app', { rules: [{ backendRefs: [{ name: 'app' }] }] }, 'media'),
};

describe('dependenciesOf', () => {
  it.each<[keyof typeof all, (keyof typeof all)[]]>([
    ['namespace', []],
    ['volume', []],
    ['claim', ['namespace', 'volume']],
    ['foreign', []],
    ['deployment', ['namespace', 'claim']],
    ['service', ['namespace']],
    ['ingress', ['namespace', 'service']],
    ['route', ['namespace', 'service']],
  ])('%s needs %j', (name, expected) => {
    expect(dependenciesOf(all[name], Object.values(all))).toEqual(expected.map((key) => all[key]));
  });
});
