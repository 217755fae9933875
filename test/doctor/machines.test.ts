import type { V1Node } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import { expect, it } from 'vitest';
import { machineFindings, mistakenNodes } from '../../lib/doctor/machines';
import { untyped } from '../helpers';

const nodes = (machines: Readonly<Record<string, string>>) =>
  Object.entries(machines).map(([name, machineID]) =>
    untyped<V1Node>({ metadata: { name }, status: { nodeInfo: { machineID } } }),
  );
const described = (machines: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(machines).map(([name, machineId]) => [name, { machineId }]));

it.each<[string, Record<string, string>, Record<string, string>, [string, string, string, string][]]>([
  ['nothing where all are who they are', { 'node-a': 'a', 'node-b': 'b' }, { 'node-a': 'a', 'node-b': 'b' }, []],
  [
    'an address that leads to the machine of another node',
    { 'node-a': 'a', 'node-b': 'a' },
    { 'node-a': 'a', 'node-b': 'b' },
    [
      [
        'node-address-mistaken',
        'node-b',
        'error',
        "is described with the address of another machine: that one has the machine id a, the cluster's node-b has b",
      ],
    ],
  ],
  [
    'a node that the cluster does not have',
    { 'node-a': 'a', other: 'c' },
    { 'node-a': 'a' },
    [['node-not-in-cluster', 'other', 'warning', 'is described, and the cluster has no node of that name']],
  ],
  ['nothing of a node whose kubelet found no machine id', { 'node-a': 'a' }, { 'node-a': '' }, []],
  [
    'nodes of the cluster that were cloned, of which one is not described',
    { 'node-a': 'a' },
    { 'node-a': 'a', 'node-b': 'A' },
    [['machine-id-shared', 'node-b', 'error', 'has the machine id of node-a, by the cluster: a']],
  ],
  [
    'no clones of which both are described: these are found on the nodes',
    { 'node-a': 'a', 'node-b': 'a' },
    { 'node-a': 'a', 'node-b': 'a' },
    [],
  ],
])('finds %s', (_, ofDescription, ofCluster, expected) => {
  const found = machineFindings(described(ofDescription), nodes(ofCluster));
  expect(found.map(({ code, subject, severity, found: what }) => [code, subject, severity, what])).toEqual(expected);
});

it('names the nodes that do not belong to the cluster', () => {
  expect(mistakenNodes(described({ 'node-a': 'a', 'node-b': 'a' }), nodes({ 'node-a': 'a', 'node-b': 'b' }))).toEqual([
    'node-b',
  ]);
});
