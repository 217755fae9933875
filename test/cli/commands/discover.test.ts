import { expect, it } from 'vitest';
import { assertOwnInitiatorName } from '../../../lib/cli/commands/discover';
import { UnreachableError } from '../../../lib/core/problems';
import type { ReachedNode } from '../../../lib/nodes/runner';
import type { Script } from '../../../lib/scripts/script';
import { untyped } from '../../helpers';
import { well } from '../../nodes/facts';

/** @param initiatorName Default: the node does not answer */
const node = (name: string, initiatorName?: string): ReachedNode => ({
  name,
  runner: untyped({
    run: async ({ facts }: Script<unknown>) => {
      if (initiatorName === undefined) throw new UnreachableError('it does not answer');
      return { result: 'unchanged', facts: facts.parse({ ...well, initiatorName }) };
    },
  }),
});

const nodes = [
  node('node-a', 'iqn.2000-01.com.example:a'),
  node('node-b', 'iqn.2000-01.com.example:A'),
  node('node-c'),
];

it('does not log in from a node with the initiator name of another one, whose sessions that would end', async () => {
  await expect(assertOwnInitiatorName('node-b', nodes)).rejects.toMatchObject({
    category: 'refused',
    code: 'initiator-name-shared',
    message: expect.stringMatching(/node-b has the initiator name of node-a.* logged in to nothing/),
    advice: [expect.objectContaining({ code: 'initiator-name-shared', subject: 'node-b' })],
  });
});

it('logs in where no node that answers has the same name', async () => {
  await assertOwnInitiatorName('node-a', [...nodes.slice(0, 1), node('node-c')]);
  // Why a node does not answer is said by the look itself.
  await assertOwnInitiatorName('node-c', nodes);
});
