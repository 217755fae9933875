const SECTOR = 512;

/** Bytes read from a disk, from `/sys/block/<disk>/stat`: see the kernel's Documentation/block/stat.rst. */
export function bytesReadFromDisk(stat: string): number {
  const [, , sectors] = stat.trim().split(/\s+/);
  return numberIn(sectors, '/sys/block/*/stat', stat) * SECTOR;
}

/** Bytes that an NFS server has read for its clients, from its `/proc/net/rpc/nfsd`. */
export function bytesServed(nfsd: string): number {
  return numberIn(/^io (\d+) \d+$/m.exec(nfsd)?.[1], '/proc/net/rpc/nfsd', nfsd);
}

function numberIn(field: string | undefined, file: string, text: string): number {
  if (field === undefined || !/^\d+$/.test(field)) throw new Error(`${file} is not as expected:\n${text}`);
  return Number(field);
}
