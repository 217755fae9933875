import { expect, it } from 'vitest';
import { finalCopy } from '../../lib/scripts/copy/final-copy';
import { formatLun } from '../../lib/scripts/lun/format-lun';
import { probeLun } from '../../lib/scripts/lun/probe-lun';
import { releaseLun } from '../../lib/scripts/lun/release-lun';
import { releaseFolder } from '../../lib/scripts/nfs/release-folder';
import { discoverIscsi } from '../../lib/scripts/node/discover-iscsi';
import { sourceUsers } from '../../lib/scripts/node/source-users';
import type { Script } from '../../lib/scripts/script';

const attempt = { volume: 'config-2', attempt: 1, uuid: '6f1a3a4e-0f5c-4a53-9d0e-1c7f8a1f0b01' };
const lun = (portal: string) => ({ portal, iqn: 'iqn.2000-01.com.example:NAS', lun: 1, bytes: 1024, wwn: '0x6001' });
const lunSource = (portal: string) => ({ disk: lun(portal), uuid: attempt.uuid, volume: 'config', isUsed: false });
const copy = { attempt, fileSystem: 'ext4' as const, patches: [] };

it.each<[string, (portal: string) => Script<unknown>]>([
  ['discoverIscsi', discoverIscsi],
  ['probeLun', (portal) => probeLun(lun(portal))],
  ['formatLun', (portal) => formatLun(lun(portal), attempt, 'ext4')],
  ['releaseLun', (portal) => releaseLun(lun(portal), attempt)],
  ['finalCopy', (portal) => finalCopy({ ...copy, source: lunSource(portal), target: lun(portal) })],
])('%s gives its script the portal in one spelling', (_, script) => {
  expect(script('192.0.2.200').text).toBe(script('192.0.2.200:3260').text);
  expect(script('[2001:DB8:0:0::0200]:3260').text).toBe(script('[2001:db8::200]:3260').text);
  expect(script('[2001:db8::200]:3260').text).toMatch(/portal='\[2001:db8::200\]:3260'/);
});

it('gives scripts the target name as written, because a target may compare it byte by byte', () => {
  expect(probeLun(lun('192.0.2.200')).text).toContain('\niqn=iqn.2000-01.com.example:NAS\n');
});

const folder = (server: string) => ({ server, path: '/volume2/config' });

it.each<[string, (server: string) => Script<unknown>]>([
  ['sourceUsers', (server) => sourceUsers(folder(server))],
  ['releaseFolder', (server) => releaseFolder(folder(server), attempt)],
  ['finalCopy', (server) => finalCopy({ ...copy, source: folder(server), target: lun('192.0.2.200') })],
])('%s gives its script the server in one spelling', (_, script) => {
  expect(script('NAS.Example.com.').text).toBe(script('nas.example.com').text);
  expect(script('[2001:DB8::0200]').text).toBe(script('2001:db8::200').text);
  expect(script('::ffff:192.0.2.200').text).toBe(script('192.0.2.200').text);
});
