import { expect, it } from 'vitest';
import { mayLogIn, namesakes } from '../../lib/nodes/observation';
import { look } from '../migration/facts';
import { well } from './facts';

it('a target is inspected only by nodes that can, never with another initiator name', () => {
  const named = (name: string, initiatorName: string, programs = well.programs) =>
    look(name, [], { facts: { ...well, initiatorName, programs } });
  const unreached = { name: 'node-e', problem: 'it does not answer' };
  const all = [
    named('a', 'one'),
    named('b', 'two'),
    named('c', 'Two'),
    named('d', 'three', []),
    named('f', ''),
    unreached,
  ];
  expect(mayLogIn(all).map(({ name }) => name)).toEqual(['a']);
  const namesakesOf = (node: string) => namesakes(node, all).map(({ name }) => name);
  expect(namesakesOf('b')).toEqual(['c']);
  for (const node of ['a', 'd', 'f', 'node-e', 'another']) expect(namesakesOf(node)).toEqual([]);
});
