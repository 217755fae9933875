import { describe, expect, it } from 'vitest';
import { runLibraries } from '../run-libraries';

const settling = (mountLine: string) =>
  runLibraries(
    ['undo', 'source-nfs'],
    [
      `source=/tmp/source; mount_line() { [[ $* == '/tmp/source caps' ]] && printf %s '${mountLine}'; }`,
      'settling_seconds',
    ],
    { parameters: { server: '192.0.2.200', path: '/volume2/config', options: '' } },
  );

describe('a time of a file has settled', () => {
  it.each([
    [
      '5 min before the last change, by a kernel before 5.13, which has another bit there',
      ' caps=0x3fdf,wtmult=512,dtsize=32768',
      '300',
    ],
    [
      '2 s before it, where the server has no delegated timestamps, or the kernel knows none',
      ' caps=0x1fbc0fdf,wtmult=512',
      '2',
    ],
    ['5 min before it, where clients give files their times', ' caps=0x1fbc2fdf,wtmult=512', '300'],
    ['2 s before it, where the kernel says nothing', '', '2'],
  ])('%s', (_, line, seconds) => expect(settling(line)).toBe(`${seconds}\n`));

  it.each([
    ['1760000000.5', '2', '1759999998.5'],
    ['1760000000', '300', '1759999700'],
    // What `last_change` prints of a source whose clock was set back.
    ['0', '2', '0'],
    ['100.25', '300', '0'],
  ])('%s less %s s at %s, and at no time before 1970', (clock, seconds, time) => {
    expect(runLibraries(['hashes'], [`settled_before ${clock} ${seconds}`])).toBe(`${time}\n`);
  });
});
