import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endSession } from '../../lib/scripts/lun/end-session';
import { probeLun } from '../../lib/scripts/lun/probe-lun';
import { discoverIscsi } from '../../lib/scripts/node/discover-iscsi';
import { nodeFacts } from '../../lib/scripts/node/node-facts';
import { StandInInitiator } from './stand-in-initiator';

const iqn = 'iqn.2000-01.com.example:NAS.Target-1';
const portal = '192.0.2.200:3260';
const session = { iqn, address: '192.0.2.200' };

let node: StandInInitiator;
beforeEach(() => {
  node = new StandInInitiator();
});
afterEach(() => node.remove());

const facts = (problem = '') => ({
  initiatorName: 'iqn.2000-01.com.example:node-a',
  wasShown: false,
  problem,
  luns: problem ? [] : [expect.objectContaining({ lun: 1, bytes: 1024 ** 3, use: '' })],
});
const look = (at = portal, of = iqn) => node.run(probeLun({ portal: at, iqn: of, lun: 1 }));

describe('an inspection of a target', () => {
  it.each([
    ['with its port', portal],
    ['without a port', '192.0.2.200'],
    ['of IPv6', '[2001:db8::200]:3260'],
    ['of IPv6 in upper case, with zeros', '[2001:DB8:0:0::0200]:3260'],
    ['of IPv4 within IPv6', '[::ffff:192.0.2.200]:3260'],
  ])('sees its LUNs and leaves nothing, through a portal %s', (_, at) => {
    expect(look(at)).toEqual({ report: { result: 'unchanged', facts: facts() }, code: 0, stderr: '' });
    expect(node.traces()).toEqual([]);
  });

  it.each([
    ['in upper case, with zeros', '2001:0DB8:0:0:0:0:0:0200', '[2001:db8::200]:3260'],
    ['as IPv4 within IPv6', '::ffff:192.0.2.200', portal],
    ['as another one', '198.51.100.7', portal],
  ])('leaves nothing if the kernel shows the address %s', (_, shown, at) => {
    node.set('shown', shown);
    expect(look(at).report).toEqual({ result: 'unchanged', facts: facts() });
    expect(node.traces()).toEqual([]);
  });

  it('leaves nothing if its login shows no session', () => {
    node.set('vanishes');
    expect(look().report).toMatchObject({ facts: facts(expect.stringContaining(portal)) });
    expect(node.calls().at(-1)).toBe(`-m node -T ${iqn} -p ${portal} --logout`);
    expect(node.traces()).toEqual([]);
  });

  it.each([
    ['a portal without a port', session, '192.0.2.200', iqn],
    ['another spelling', { iqn, address: '2001:DB8:0::200' }, '[2001:db8::200]:3260', iqn],
    ['a name in another case', session, portal, iqn.toLowerCase()],
  ])('uses an existing session, and leaves it open: %s', (_, theirs, at, of) => {
    node.hasSession(theirs);
    const before = node.traces();
    expect(look(at, of).report).toEqual({ result: 'unchanged', facts: { ...facts(), wasShown: true } });
    expect(node.calls()).toEqual([]);
    expect(node.traces()).toEqual(before);
  });

  it('uses a session that another process opens at the same moment, and leaves it open', () => {
    node.set('overtaken');
    expect(look().report).toEqual({ result: 'unchanged', facts: facts() });
    expect(node.calls().filter((call) => call.endsWith('--logout'))).toEqual([]);
    expect(node.traces()).toEqual(['sys/class/iscsi_session/session1']);
    // The next look finds it as any other.
    expect(look().report).toEqual({ result: 'unchanged', facts: facts() });
    expect(node.traces()).toEqual(['sys/class/iscsi_session/session1']);
  });

  it('logs in with the name as written, because a target may compare case', () => {
    node.set('target', iqn);
    expect(look().report).toMatchObject({ facts: facts() });
    expect(look(portal, iqn.toLowerCase()).report).toMatchObject({ facts: { problem: expect.stringMatching(/19/) } });
    expect(node.traces()).toEqual([]);
  });

  it('ends only its own session, not one at another portal', () => {
    node.hasSession({ iqn, address: '192.0.2.201' });
    const before = node.traces();
    expect(look().report).toEqual({ result: 'unchanged', facts: { ...facts(), wasShown: true } });
    expect(node.traces()).toEqual(before);
  });

  it('ends the session of a killed run, in whatever notation that run had portal and name', () => {
    node.set('killed-after-login');
    expect(look('192.0.2.200').report).toBeUndefined();
    expect(node.traces()).toContain('sys/class/iscsi_session/session1');
    // Its records went with its mount namespace.
    node.forgetRecords();
    expect(look(portal, iqn.toLowerCase()).report).toEqual({ result: 'unchanged', facts: facts() });
    expect(node.traces()).toEqual([]);
  });

  it.each([undefined, '198.51.100.7'])(
    'fails if it can’t log out, and the next script logs out: shown as %s',
    (shown) => {
      if (shown) node.set('shown', shown);
      node.set('logout-fails');
      expect(look()).toMatchObject({
        report: undefined,
        code: 1,
        stderr: expect.stringContaining('not undone: close_session'),
      });
      expect(node.traces()).toContain('sys/class/iscsi_session/session1');
      node.unset('logout-fails');
      expect(look().report).toEqual({ result: 'unchanged', facts: facts() });
      expect(node.traces()).toEqual([]);
    },
  );
});

describe('of a target with several LUNs', () => {
  const lookAt = (lun: number) => node.run(probeLun({ portal, iqn, lun })).report;
  const numbers = (luns: readonly number[]) => luns.map((lun) => expect.objectContaining({ lun }));
  beforeEach(() => node.set('luns', '1 2 3'));

  it('only the needed LUN is shown to the node, in Lunward’s session', () => {
    expect(lookAt(2)).toMatchObject({ facts: { wasShown: false, luns: numbers([2]) } });
    expect(node.scans()).toEqual(['host1 2']);
    expect(node.traces()).toEqual([]);
  });

  it('only the needed LUN is shown in another process’s session, and removed again', () => {
    node.hasSession({ ...session, luns: [1] });
    const before = node.traces();
    expect(lookAt(2)).toMatchObject({ facts: { wasShown: false, luns: numbers([1, 2]) } });
    expect(node.scans()).toEqual(['host1 2']);
    expect(node.shown()).toEqual(['1:0:0:1']);
    expect(node.traces()).toEqual(before);
  });

  it('the target is asked, not those that a session shows for another app', () => {
    node.hasSession({ ...session, luns: [1] });
    node.set('luns', '1');
    expect(lookAt(3)).toMatchObject({ facts: { problem: '', luns: numbers([1]) } });
    expect(node.scans()).toEqual(['host1 3']);
  });

  it('a LUN that a killed run has shown is removed by the next run', () => {
    node.hasSession({ ...session, luns: [1] });
    const before = node.traces();
    node.set('killed-after-scan');
    expect(lookAt(2)).toBeUndefined();
    expect(node.shown()).toEqual(['1:0:0:1', '1:0:0:2']);
    expect(lookAt(2)).toMatchObject({ facts: { wasShown: false } });
    expect(node.shown()).toEqual(['1:0:0:1']);
    expect(node.traces()).toEqual(before);
  });

  it('Lunward’s session stays if a kubelet has added another LUN to it', () => {
    node.set('joined', '1');
    expect(lookAt(2)).toMatchObject({ facts: { wasShown: false } });
    node.unset('joined');
    expect(node.shown()).toEqual(['1:0:0:1']);
    expect(node.traces()).toEqual(['sys/class/iscsi_session/session1']);
    expect(lookAt(2)).toMatchObject({ facts: { wasShown: false, luns: numbers([1, 2]) } });
    expect(node.traces()).toEqual(['sys/class/iscsi_session/session1']);
  });

  it.each([
    ['in a session of another process', () => node.hasSession({ ...session, luns: [1] }), ['1:0:0:1', '1:0:0:2']],
    ['in a session of ours', () => {}, ['1:0:0:2']],
  ])('a disk that a kubelet checks before it mounts it stays %s', (_, given, shown) => {
    given();
    node.set('claimed', 'sd1x2');
    expect(lookAt(2)).toMatchObject({ result: 'unchanged', facts: { problem: '' } });
    expect(node.shown()).toEqual(shown);
    expect(node.traces()).toContain('sys/class/iscsi_session/session1');
    expect(node.traces().filter((trace) => trace.startsWith('run'))).toEqual([]);
    node.unset('claimed');
    // Nothing of it is ours any more.
    expect(lookAt(2)).toMatchObject({ facts: { wasShown: true } });
    expect(node.shown()).toEqual(shown);
  });

  it('a disk that a kubelet removes at the same moment causes no failure', () => {
    node.hasSession({ ...session, luns: [1] });
    const before = node.traces();
    node.set('detached', '2');
    expect(lookAt(2)).toMatchObject({ result: 'unchanged', facts: { problem: '' } });
    expect(node.shown()).toEqual(['1:0:0:1']);
    expect(node.traces()).toEqual(before);
  });

  it('its use through a session at another portal is found', () => {
    node.hasSession({ iqn, address: '192.0.2.201', luns: [2] });
    node.hold('sd1x2', 'dm-0');
    expect(lookAt(2)).toMatchObject({
      facts: { wasShown: true, luns: [{ lun: 2, use: expect.stringMatching(/^held by dm-0.*, as sd1x2$/) }] },
    });
    expect(lookAt(1)).toMatchObject({ facts: { wasShown: false, luns: [{ lun: 1, use: '' }] } });
    expect(node.shown()).toEqual(['1:0:0:2']);
  });
});

it('a LUN that a copy reads through a loop device counts as held', () => {
  node.hasSession({ ...session, luns: [1, 2] });
  node.loop('sd1', 'loop0');
  node.loop('sd11', 'loop1');
  expect(node.run(nodeFacts()).report).toMatchObject({
    facts: {
      sessions: [
        {
          disks: [
            { lun: 1, holders: ['loop0'] },
            { lun: 2, holders: [] },
          ],
        },
      ],
    },
  });
});

it('an initiator that scans every LUN at login is not used', () => {
  node.set('old');
  expect(look().report).toMatchObject({ facts: { problem: expect.stringContaining('node.session.scan'), luns: [] } });
  expect(node.traces()).toEqual([]);
});

it.each(['192.0.2.200', '[2001:DB8:0::200]:3260'])('the LUNs that %s shows are found, and nothing is left', (at) => {
  node.set('target', iqn);
  const { report } = node.run(discoverIscsi(at));
  expect(report).toMatchObject({ facts: { targets: [{ iqn, problem: '', luns: [{ lun: 1 }] }] } });
  expect(node.traces()).toEqual([]);
});

it('an unused session is ended, in whatever case the target name is described', () => {
  node.hasSession(session);
  expect(node.run(endSession({ iqn: iqn.toLowerCase(), lun: 1 })).report).toEqual({ result: 'changed', facts: {} });
  expect(node.traces().filter((trace) => trace.startsWith('sys'))).toEqual([]);
});
