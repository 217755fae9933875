import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { scanSource } from '../../../lib/scripts/copy/scan-source';
import { readReport } from '../../../lib/scripts/report';
import { runLibraries } from '../run-libraries';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lunward-marker-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const { facts } = scanSource({ server: '192.0.2.200', path: '/volume1/config' });

/** What a script reports that requires attempt 2 of a volume to be `building`. */
const required = (...written: string[]) =>
  readReport(
    runLibraries(
      ['report', 'undo', 'marker'],
      [
        ...(written.length > 0 ? [`write_marker '${folder}' ${written.join(' ')}`] : []),
        `read_marker '${folder}'`,
        'require_marker building 2 config-2 uuid-2',
        'report declined fits',
      ],
    ),
    facts,
  );

it('of the expected attempt lets a script continue', () => {
  expect(required('building', '2', 'config-2', 'uuid-2')).toEqual({ result: 'declined', reason: 'fits' });
});

it.each([
  ['is sealed', ['sealed', '2', 'config-2', 'uuid-2', 'manifest']],
  ['is of another attempt', ['building', '1', 'config-2', 'uuid-2']],
  ['is of another volume', ['building', '2', 'config-3', 'uuid-2']],
  ['is of another file system', ['building', '2', 'config-2', 'uuid-3']],
])('that %s ends a script, with a code that says it was read', (_, written) => {
  expect(required(...written)).toMatchObject({ result: 'declined', code: 'other-marker' });
});

it('that is missing ends a script, without that code', () => {
  expect(required()).toMatchObject({ result: 'declined', code: 'no-marker' });
});
