import { describe, expect, it } from 'vitest';
import { assertNextPhase, nextPhases, type Phase } from '../../../lib/migration/journal/cutover';

/** What can be recorded after each phase; `settled` is none. */
const table: Readonly<Record<Phase | 'settled', string>> = {
  settled: 'settled stopping rolling-back restarting',
  stopping: 'stopping switched returning',
  switched: 'switched stopped-on-target rolling-back settled',
  'stopped-on-target': 'switched rolling-back',
  'rolling-back': 'rolling-back switched returning settled',
  returning: 'returning settled',
  restarting: 'restarting restarted settled',
  restarted: 'restarted settled',
};
const all = Object.keys(table) as (Phase | 'settled')[];
const record = (phase: Phase | 'settled') => (phase === 'settled' ? undefined : { phase });

describe.each(all)('after phase %s', (from) => {
  it.each(all)('%s is recorded only if the table says so', (to) => {
    const next = () => assertNextPhase(record(from), record(to));
    if (table[from].split(' ').includes(to)) expect(next).not.toThrow();
    else expect(next).toThrow(`"${to}" of a cut-over after "${from}"`);
  });

  it('the journal can be settled again', () => {
    const reached = new Set([from]);
    for (const one of reached) for (const to of nextPhases[one]) reached.add(to);
    expect([...reached]).toContain('settled');
  });
});
