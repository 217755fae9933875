import { readableBytes } from '../../core/quantity';

/** What a volume holds, as `probe-source` reports it. */
export interface Usage {
  /** Length of all files. */
  readonly bytes: number;
  /** What they take where they are. */
  readonly allocatedBytes: number;
  /** Files, folders and all else. */
  readonly entries: number;
}

const GIB = 1024 ** 3;
const BLOCK = 4096;

/** A volume of Kubernetes' own iSCSI driver is never grown by Kubernetes, and a thin LUN takes only what is written. */
const GROWTH = 2;

/**
 * Inode tables, maps of free blocks, directories; and the journal, of a thirty-second at the most (ext2fs_default_journal_size
 * in lib/ext2fs/mkjournal.c of e2fsprogs).
 */
const OVERHEAD = 0.05 + 1 / 32;

/** ext4 makes one inode for so many bytes, and never more. */
const BYTES_PER_INODE = 16 * 1024;

/**
 * The size of a LUN for what a volume holds, in whole GiB: room for twice the data, each entry rounded up to a block, with
 * what a file system needs for itself; and inodes for twice the entries. Holes of sparse files count, since not every
 * copy keeps them.
 */
export function recommendedSize({ bytes, allocatedBytes, entries }: Usage): string {
  const data = Math.max(bytes, allocatedBytes) + entries * BLOCK;
  const forData = (data * GROWTH) / (1 - OVERHEAD);
  const forEntries = entries * GROWTH * BYTES_PER_INODE;
  return `${Math.max(1, Math.ceil(Math.max(forData, forEntries) / GIB))}Gi`;
}

/** Why what a volume holds finds no room on a LUN of so many bytes; nothing where it does. */
export function spaceShortfall({ bytes, allocatedBytes, entries }: Usage, lunBytes: number): string | undefined {
  const data = Math.max(bytes, allocatedBytes) + entries * BLOCK;
  const room = lunBytes * (1 - OVERHEAD);
  if (data > room) {
    return `${readableBytes(data)} in ${entries} entries find no room on a LUN of ${readableBytes(lunBytes)}`;
  }
  const inodes = Math.floor(lunBytes / BYTES_PER_INODE);
  return entries < inodes
    ? undefined
    : `${entries} entries need more inodes than the ${inodes} of ${readableBytes(lunBytes)}`;
}
