import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readReport } from '../../lib/scripts/report';

const facts = z.object({ size: z.number() });
const line = (report: object) => `${JSON.stringify(report)}\n`;
const changed = { result: 'changed', reason: '', facts: { size: 1 } };

describe('a report', () => {
  it.each([
    [
      'is the last line',
      `some words\n{"result":"unchanged"}\n${line(changed)}`,
      { result: 'changed', facts: { size: 1 } },
    ],
    [
      'declines with a reason, whatever its facts',
      line({ result: 'declined', reason: 'no room', facts: {} }),
      { result: 'declined', reason: 'no room' },
    ],
    [
      'has no code where none was given',
      line({ result: 'declined', reason: 'no room', code: '', facts: {} }),
      { result: 'declined', reason: 'no room' },
    ],
    [
      'tells a program why, where it has to know',
      line({ result: 'declined', reason: 'is sealed', code: 'other-marker', facts: {} }),
      { result: 'declined', reason: 'is sealed', code: 'other-marker' },
    ],
  ])('%s', (_, stdout, report) => {
    expect(readReport(stdout, facts)).toEqual(report);
  });

  it.each([
    ['nothing was printed', ''],
    ['something comes behind it', `${line(changed)}more\n`],
    ['its line was cut off', line(changed).trimEnd()],
    ['its line was cut off in the middle', line(changed).slice(0, 20)],
    ['it is of another kind', line({ ...changed, result: 'done' })],
    ['a fact is missing', line({ ...changed, facts: {} })],
    ['a fact is of another type', line({ ...changed, facts: { size: '1' } })],
    ['it is JSON and no report', '12\n'],
    ['its code is not known', line({ result: 'declined', reason: 'is sealed', code: 'other', facts: {} })],
  ])('is missing if %s', (_, stdout) => {
    expect(readReport(stdout, facts)).toBeUndefined();
  });
});
