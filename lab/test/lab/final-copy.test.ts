import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { SshExecutor } from '../../../lib/nodes/ssh/ssh';
import { SshUnit } from '../../../lib/nodes/ssh/ssh-unit';
import { type FilePatch, type FinalCopied, finalCopy } from '../../../lib/scripts/copy/final-copy';
import { hashTrees } from '../../../lib/scripts/copy/hash-trees';
import { scanSource } from '../../../lib/scripts/copy/scan-source';
import { warmCopy } from '../../../lib/scripts/copy/warm-copy';
import type { DeclineCode } from '../../../lib/scripts/decline-codes';
import type { Report } from '../../../lib/scripts/report';
import { unitName } from '../../../lib/scripts/unit/unit';
import { sha256 } from '../../../test/scripts/hashed-trees';
import type { LabMachine } from '../../machine';
import { type BuildingVolume, BuildingVolumes, MOUNTED } from './building-volumes';
import { PORTAL, useLab, useSsh } from './fixture';
import { expectNothingLeftOn } from './nothing-left';

const fixture = useLab({ podsOn: [] });
useSsh(fixture);
const node = new SshExecutor({ name: 'node-a', ssh: 'admin@192.0.2.210' });
const volumes = new BuildingVolumes(fixture, node);
const FOLDER = '/volume2/state';
const SMALL = '/volume2/small';
const CONFIG = '<Config><Port>8989</Port></Config>\n';
const PATCH: FilePatch = { path: 'config.xml', sha256: sha256(CONFIG), text: `${CONFIG}<!-- patched -->\n` };
const MEBIBYTE = 1024 ** 2;

const sourceOf = (path: string) => ({ server: PORTAL, path, mountOptions: ['nfsvers=4.2', 'hard'] });
const onNas = (folder: string, command: string) =>
  fixture.lab.nas.run('bash', ['-ec', `cd /pool${folder}; ${command}`], { timeoutSeconds: 120 });
const onVolume = (volume: BuildingVolume, access: 'ro' | 'rw', command: string) => {
  let said = '';
  return volumes
    .mounted(volume, access, async (machine) => {
      said = await machine.run('bash', ['-ec', `cd ${MOUNTED}; ${command}`]);
    })
    .then(() => said);
};

/** Copies and hashes, as before the app is stopped. */
async function prepared(volume: BuildingVolume, path: string): Promise<void> {
  await volumes.facts(warmCopy({ ...volume, source: sourceOf(path) }));
  await volumes.facts(hashTrees({ ...volume, source: sourceOf(path) }));
}

/** Finishes a copy, as a unit. */
async function finished(
  volume: BuildingVolume,
  path: string,
  patches: readonly FilePatch[] = [],
): Promise<Report<FinalCopied>> {
  const unit = new SshUnit(
    node,
    unitName('final', volume.attempt),
    finalCopy({ ...volume, source: sourceOf(path), patches }),
  );
  await unit.start();
  const report = await unit.reattach();
  await expectNothingLeftOn(fixture.lab.node('node-a'));
  return report;
}

async function expectDeclined(
  volume: BuildingVolume,
  code: DeclineCode,
  named: string,
  patches: readonly FilePatch[] = [],
): Promise<void> {
  expect(await finished(volume, SMALL, patches)).toMatchObject({
    result: 'declined',
    code,
    reason: expect.stringContaining(named),
  });
  expect(await onVolume(volume, 'ro', 'cat .lunward/marker')).toContain('state=building\n');
}

const factsOf = (report: Report<FinalCopied>): FinalCopied => {
  if (report.result === 'declined') throw new Error(report.reason);
  return report.facts;
};

beforeAll(async () => {
  const { nas } = fixture.lab;
  for (const path of [FOLDER, SMALL]) await nas.exportNfs({ path, rootSquash: false });
  await nas.script('nas/awful-tree.sh', [FOLDER, '20', '60'], { timeoutSeconds: 300 });
  for (const folder of [`${FOLDER}/state`, SMALL]) {
    await nas.run('mkdir', ['-p', `/pool${folder}`]);
    await nas.script('nas/databases.sh', [folder]);
  }
  await onNas(FOLDER, 'rm state/damaged.db state/cut.db; mkdir later; echo x >later/file');
  for (const folder of [FOLDER, SMALL]) {
    await nas.write(`${folder}/config.xml`, CONFIG);
    await onNas(folder, 'chown 1000:4711 config.xml; chmod 640 config.xml');
  }
  // Files changed within two seconds before the last change are not trusted.
  await sleep(3000);
  await nas.write(`${FOLDER}/last`, '');
}, 1_200_000);

describe('a final copy', () => {
  let facts: FinalCopied;

  it('makes both sides equal, and reads only what has changed', async () => {
    const volume = await volumes.make('state', '96Mi');
    await volumes.facts(warmCopy({ ...volume, source: sourceOf(FOLDER) }));
    // Hashes do not show this difference: they must not vouch for this file.
    await onVolume(volume, 'rw', 'setfattr -n user.stale -v set many/file-0008');
    await volumes.facts(hashTrees({ ...volume, source: sourceOf(FOLDER) }));
    await onNas(
      FOLDER,
      `rm -r linked 'folders/two  words ' many/file-0007; mv many/file-0001 .renamed; echo changed >many/file-0002
      echo new >.new; rm -r later; echo 'was a folder' >later; rm owned; mkdir owned; echo x >owned/file
      chmod 700 empty-folder; ln -f secret 'other/secret too'; setfattr -n user.later -v set many/file-0004 many
      sqlite3 state/-log.db >/dev/null <<<'.dbconfig no_ckpt_on_close on
INSERT INTO t VALUES (1);'`,
    );
    // The way a power loss leaves a file: with the right size and time, but without its bytes.
    await onVolume(
      volume,
      'rw',
      `touch -r many/file-0003 /tmp/time; printf '\\0\\0' >many/file-0003; touch -r /tmp/time many/file-0003
      echo 'not from there' >stale; touch -r /tmp/time stale
      setfattr -n user.stale -v set many/file-0005; setfacl -m u:4711:r many/file-0006`,
    );
    const scan = (machine: LabMachine, what: string, folder: string) =>
      machine.script('machines/scan-tree.sh', [what, folder, PATCH.path], { timeoutSeconds: 300 });
    const before = await scan(fixture.lab.nas, 'entries', FOLDER);
    const report = await finished(volume, FOLDER, [PATCH]);
    expect(report, JSON.stringify(report)).toMatchObject({ result: 'changed' });
    facts = factsOf(report);
    expect(await scan(fixture.lab.nas, 'entries', FOLDER)).toBe(before);
    await volumes.mounted(volume, 'ro', async (machine) => {
      for (const what of ['entries', 'contents', 'xattrs']) {
        expect(await scan(machine, what, MOUNTED), what).toBe(await scan(fixture.lab.nas, what, FOLDER));
      }
      expect(await machine.run('cat', [`${MOUNTED}/config.xml`])).toBe(PATCH.text);
      expect(await machine.run('stat', ['--format', '%u:%g %a', `${MOUNTED}/config.xml`])).toBe('1000:4711 640\n');
      const { uuid } = volume.attempt;
      expect(await machine.run('cat', [`${MOUNTED}/.lunward/marker`])).toBe(
        `state=sealed\nattempt=1\nvolume=state\nuuid=${uuid}\nmanifest=${facts.manifest}\n`,
      );
      expect(await machine.run('sha256sum', [`${MOUNTED}/.lunward/manifest`])).toContain(facts.manifest);
      const names = await machine.run('bash', ['-ec', `cd ${MOUNTED}/.lunward; stat --format '%a %U %n' *`]);
      expect(names).toBe('600 root facts\n600 root manifest\n644 root marker\n');
      const said = await machine.run('bash', ['-ec', `tr '\\0' '\\n' <${MOUNTED}/.lunward/manifest`]);
      const [header, ...records] = said.trimEnd().split('\n');
      expect(header).toMatch(new RegExp(`^version=1 attempt=1 volume=state uuid=${uuid} scan=${facts.scan} entries=`));
      expect(records).toContainEqual(
        expect.stringMatching(`^${sha256(PATCH.text)} ${PATCH.text.length} .* config.xml$`),
      );
      expect(records).toContainEqual(expect.stringMatching(`^${sha256('changed\n')} 8 .* many/file-0002$`));
    });
    // `large` was neither copied nor read, on either side.
    expect(facts.vouched.bytes).toBeGreaterThan(20 * MEBIBYTE);
    expect(facts.bytesRead.source).toBeLessThan(10 * MEBIBYTE);
    expect(facts.bytesRead.target).toBeLessThan(10 * MEBIBYTE);
    expect(facts.vouched.files + facts.hashed.files).toBe(facts.files);
    expect(facts.hashed.files).toBeLessThan(30);
    expect(facts.patched).toEqual(['config.xml']);
    expect(facts.removedWhileOpen.count).toBe(0);
    const whole = { check: { outcome: 'whole', text: '' } };
    expect(facts.databases.sort((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
      expect.objectContaining({ ...whole, path: 'state/-log.db', wal: true, tables: [{ name: 't', rows: 5001 }] }),
      expect.objectContaining({ ...whole, path: 'state/it\'s "whole"', tables: [{ name: 't', rows: 5000 }] }),
    ]);
  }, 900_000);

  it('is reported again, without a change', async () => {
    const volume = await volumes.find('state');
    const before = await onVolume(volume, 'ro', 'cat .lunward/marker');
    const report = await finished(volume, FOLDER, [PATCH]);
    expect(report.result).toBe('unchanged');
    expect({ ...factsOf(report), milliseconds: 0 }).toEqual({ ...facts, milliseconds: 0 });
    expect(await onVolume(volume, 'ro', 'cat .lunward/marker')).toBe(before);
    const other = { ...volume, attempt: { ...volume.attempt, attempt: 2 } };
    expect(await finished(other, FOLDER)).toMatchObject({
      result: 'declined',
      code: 'other-marker',
    });
    await expect(prepared(volume, FOLDER)).rejects.toThrow(/\bstate "sealed".*"building"/);
  }, 900_000);

  it('has a source whose later changes can be detected', async () => {
    const { scan, entries } = facts;
    expect(await volumes.facts(scanSource(sourceOf(FOLDER)))).toEqual({ scan, entries });
    const other = new SshExecutor({ name: 'node-b', ssh: 'root@192.0.2.211' });
    expect(await other.run(scanSource(sourceOf(FOLDER)))).toMatchObject({ facts: { scan } });
    await onNas(FOLDER, 'chmod 700 later');
    expect((await volumes.facts(scanSource(sourceOf(FOLDER)))).scan).not.toBe(scan);
    await expectNothingLeftOn(fixture.lab.node('node-a'));
  }, 900_000);
});

describe('a volume is not sealed', () => {
  let volume: BuildingVolume;
  beforeAll(async () => {
    volume = await volumes.make('small', '16Mi');
  });

  it('if a database is damaged', async () => {
    await expectDeclined(volume, 'database-damaged', '"damaged.db"');
    await onNas(SMALL, 'rm damaged.db cut.db');
  }, 900_000);

  it('if a patch was made from another text, or for a missing file', async () => {
    await expectDeclined(volume, 'other-text', PATCH.sha256, [{ ...PATCH, sha256: sha256('') }]);
    await expectDeclined(volume, 'no-file', '"other.xml"', [PATCH, { ...PATCH, path: 'other.xml' }]);
  }, 900_000);

  it('if something still writes to the source', async () => {
    const { nas } = fixture.lab;
    await nas.run('systemd-run', [
      '--unit=writer',
      'bash',
      '-c',
      `while touch /pool${SMALL}/config.xml; do sleep 0.1; done`,
    ]);
    await expectDeclined(volume, 'source-changed', '"config.xml"');
    await nas.run('systemctl', ['stop', 'writer']);
  }, 900_000);

  it('if there is no space, and deleted files need none', async () => {
    await onNas(SMALL, 'head --bytes=8M /dev/urandom >first');
    await volumes.facts(warmCopy({ ...volume, source: sourceOf(SMALL) }));
    await onNas(SMALL, 'head --bytes=20M /dev/urandom >second');
    await expectDeclined(volume, 'full', '');
    await onNas(SMALL, 'rm first; head --bytes=8M /dev/urandom >second');
    const report = await finished(volume, SMALL, [PATCH]);
    expect(report, JSON.stringify(report)).toMatchObject({
      result: 'changed',
      facts: { vouched: { files: 0, bytes: 0 } },
    });
    expect(await onVolume(volume, 'ro', 'sha256sum <second; ls first 2>&1 || true')).toBe(
      `${await onNas(SMALL, 'sha256sum <second')}ls: cannot access 'first': No such file or directory\n`,
    );
  }, 900_000);
});
