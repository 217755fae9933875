import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { clock } from '../../lib/core/clock';

const lib = path.join(__dirname, '../../lib');
const sources = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

it('is used by all code to read the time and to wait', () => {
  const others = sources.filter((file) => {
    const asks = /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|\bsetTimeout\b/;
    return file !== path.join('core', 'clock.ts') && asks.test(readFileSync(path.join(lib, file), 'utf8'));
  });
  expect(sources.length).toBeGreaterThan(200);
  expect(others).toEqual([]);
});

describe('a wait', () => {
  it('takes its time', async () => {
    const start = clock.monotonic();
    await clock.sleep(20);
    expect(clock.monotonic() - start).toBeGreaterThan(15);
  });

  it('is ended by a signal, with its reason', async () => {
    const reason = new Error('it was interrupted');
    await expect(clock.sleep(3_600_000, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
