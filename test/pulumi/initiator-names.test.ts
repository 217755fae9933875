import { describe, expect, it } from 'vitest';
import { uniqueNames } from '../../lib/pulumi/initiator-names';

const IQN = 'iqn.1993-08.org.debian:01';
const left = (node: string, initiatorName: string, result = 'changed') => ({
  node,
  urn: `urn:pulumi:shared::media::command:remote:Command::node-${node}`,
  stdout: JSON.stringify({ result, reason: '', facts: { system: 'Debian', initiatorName, installed: [], did: [] } }),
});

describe('the initiator names of nodes', () => {
  it('are listed by node', () => {
    expect(uniqueNames([left('node-a', `${IQN}:a`), left('node-b', `${IQN}:b`, 'unchanged')])).toEqual({
      'node-a': `${IQN}:a`,
      'node-b': `${IQN}:b`,
    });
  });

  it('are refused if two nodes share one, with both nodes and the command that checks them again', () => {
    const nodes = [left('node-a', `${IQN}:a`), left('node-b', `${IQN}:b`), left('node-c', `${IQN}:a`)];
    expect(() => uniqueNames(nodes)).toThrow(
      /^node node-c has the initiator name of node-a: iqn\S+:a\n {2}give it one/,
    );
    expect(() => uniqueNames(nodes)).toThrow(
      /again: `pulumi up --stack \S+ --replace '\S+::node-node-a' --replace '\S+::node-node-c'`$/,
    );
  });

  it.each(['', 'Last login: yesterday', '{"result":"declined","reason":"it lacks rsync","facts":{}}'])(
    'are not read from output without a report: %j',
    (stdout) => {
      expect(() => uniqueNames([{ ...left('node-a', ''), stdout }])).toThrow(
        /^node node-a: what its command printed is no report: .+ Run it again: `pulumi up .*node-node-a'`$/,
      );
    },
  );
});
