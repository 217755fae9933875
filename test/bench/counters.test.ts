import { describe, expect, it } from 'vitest';
import { bytesReadFromDisk, bytesServed } from '../../bench/lab/counters';

describe('what a disk has read', () => {
  it.each([
    ['    1417       20   105384    12288       66       14      640      312        0 \n', 105384 * 512],
    // As kernels since 5.5 have it, with discards and flushes.
    ['1417 20 8 12288 66 14 640 312 0 9000 12601 0 0 0 0 2 0\n', 4096],
    ['0 0 0 0 0 0 0 0 0 0 0\n', 0],
  ])('%j', (stat, bytes) => expect(bytesReadFromDisk(stat)).toBe(bytes));

  it.each(['', '1 2', '1 2 x 4'])('fails for %j', (stat) =>
    expect(() => bytesReadFromDisk(stat)).toThrow('/sys/block/*/stat is not as expected'),
  );
});

describe('what a server has read', () => {
  const nfsd = (io: string) => `rc 0 12 34215\nfh 0 0 0 0 0\n${io}\nth 4 0 0.000\nproc4ops 76 0 0 0 15 2\n`;

  it.each([
    ['io 100663296 4096', 100_663_296],
    ['io 0 0', 0],
    // More than a number of 32 bits holds.
    ['io 9876543210 12', 9_876_543_210],
  ])('%s', (io, bytes) => expect(bytesServed(nfsd(io))).toBe(bytes));

  it('ignores other lines', () => expect(() => bytesServed(nfsd('ra 32 0'))).toThrow('/proc/net/rpc/nfsd'));
});
