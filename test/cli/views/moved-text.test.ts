import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { movedText, writeReport } from '../../../lib/cli/views/moved-text';
import type { Moved } from '../../../lib/migration/cutover/cut-over';
import { untyped } from '../../helpers';
import { volume } from '../../migration/model-world';

const copied = {
  files: 3,
  bytes: 2048,
  vouched: { files: 1, bytes: 1024 },
  hashed: { files: 2, bytes: 1024 },
  databases: [
    { path: 'app.db', check: { outcome: 'whole', text: '' } },
    { path: 'odd.db', check: { outcome: 'unchecked', text: 'no such module: fts9' } },
  ],
  patched: ['database.xml'],
  manifest: 'c'.repeat(64),
  milliseconds: { list: 1000, seal: 250 },
};
const moved = (more: object = {}): Moved =>
  untyped({
    app: 'app',
    volumes: [{ volume, copied }],
    parts: [
      ['fence', 9000],
      ['stop', 2000],
      ['copy and verify', 3000],
      ['start', 4500],
    ],
    healthy: { pod: 'app-1', node: 'node-b', checks: ['/ping answers'] },
    ...more,
  });

describe('the report of a move', () => {
  it('says what was moved, verified and changed, how long the app was down, and how to roll back', () => {
    expect(movedText(moved())).toBe(`app runs on its new volume.
  /config: from 192.0.2.200:/volume1/config to LUN 1 of iqn.2000-01.com.example:config-2 (claim config-2)
    3 files, 2 KiB: every one equal on both sides by SHA-256
    1 of them hashed while it ran and unchanged since, 2 (1 KiB) hashed while it was down
    1 database checked on copies: whole
    odd.db could not be checked: no such module: fts9
    database.xml: its setting was changed, as planned
    manifest ${'c'.repeat(64)}
    on the node: list 1.0 s, seal 0.3 s
  running: pod app-1 on node-b
    /ping answers
  down for 9.5 s: stop 2.0 s, copy and verify 3.0 s, start 4.5 s
  the old data is where it was, unchanged: 192.0.2.200:/volume1/config
  to roll back: lunward rollback app`);
  });

  it('says which steps an earlier run has done', () => {
    expect(movedText(moved({ volumes: [{ volume }] }))).toContain('sealed by an earlier run');
  });

  it('does not count the time in which a resumed run checked a running app', () => {
    const text = movedText(moved({ volumes: [{ volume }], parts: [['start', 4500]] }));
    expect(text).not.toContain('down for');
  });

  it('names the claims that nothing protects on a cluster without a fence', () => {
    expect(movedText(moved({ unfenced: ['config', 'data'] }))).toMatch(
      /no ValidatingAdmissionPolicy.*claim config, data,/,
    );
    expect(movedText(moved())).not.toContain('ValidatingAdmissionPolicy');
  });

  it('is saved in the folder of the description', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lunward-report-'));
    const report = writeReport(join(folder, 'cluster.ts'), 'app', 'the text');
    expect(report).toMatch(/lunward-reports\/app-\d{8}T\d{6}Z\.txt$/);
    expect(readFileSync(report, 'utf8')).toMatch(/^\d{4}-.*Z\nthe text\n$/);
    rmSync(folder, { recursive: true });
  });
});
