import { z } from 'zod';
import { renderScript, type Script } from '../script';
import { type CopySource, sourceParameters, sourceSecrets } from './source';

const count = z.number().int();

/** How many there are, and the first names, from the top of the tree. */
export const names = z.object({ count, names: z.array(z.string()) });

/** The requested files that exist, with their content. */
export const texts = z.array(z.object({ path: z.string(), base64: z.string() }));

/** A SQLite database. */
export const database = z.object({
  path: z.string(),
  bytes: count,
  /** Whether it has a write-ahead log, which does not work on a network file system. */
  wal: z.boolean(),
  /** Files in the same folder with its name and these endings. */
  beside: z.array(z.enum(['wal', 'shm', 'journal'])),
  /** What SQLite says of a copy: its first complaint, or why nothing was checked. */
  check: z.object({ outcome: z.enum(['whole', 'complaint', 'unchecked']), text: z.string() }),
});

const facts = z.object({
  /** The negotiated NFS version (`3`, `4.2`), or the file system of a LUN. */
  version: z.string(),
  /** Whether attributes in the user namespace (`user.*`) can be read. */
  xattrs: z.boolean(),
  /** Whether POSIX ACLs can be read and copied. */
  posixAcls: z.boolean(),
  /** Whether the server has NFSv4 ACLs, which no Linux file system can store. */
  nfs4Acls: z.boolean(),
  /** Size of all files; a file with several names counts once. */
  bytes: count,
  /** The space that these files take. */
  allocatedBytes: count,
  /** All entries in the tree, without the root folder. */
  entries: count,
  files: count,
  directories: count,
  symlinks: count,
  sockets: count,
  fifos: count,
  devices: count,
  /** Files with more than one name. */
  linkSets: count,
  /** Files with more than one name, of which one is outside the tree. */
  linkSetsLeavingTree: count,
  /** Files larger than 64 KiB that take less space than their size. */
  sparseFiles: count,
  /** Files and folders that root on the node may not read. */
  unreadable: names,
  /** Files that were removed while a client had them open; the client has renamed them. */
  removedWhileOpen: names,
  /** The users that most entries belong to. */
  owners: z.array(z.object({ uid: count, count })),
  /** Entries with flags of chattr; none on a share, which does not show them. */
  flagged: names,
  /** Entries with attributes in `security.*` or `trusted.*`, but for SELinux labels; none on a share. */
  attributes: names,
  /** Whether the node has a program that shows those. */
  attributesCounted: z.boolean(),
  notUtf8: names,
  databases: z.array(database),
  /** The requested files that exist. */
  texts,
  /**
   * How fast the beginning of the largest file was read. Zero bytes if no file is larger than 1 MiB, or if nothing was
   * to be read.
   */
  sample: z.object({ bytes: count, milliseconds: count }),
  /** Space on its file system. */
  room: z.object({ bytes: count, freeBytes: count, inodes: count, freeInodes: count }),
  /** Owner and mode of the root folder; the mode in octal digits. */
  top: z.object({ uid: count, gid: count, mode: z.string() }),
});

/** What a volume holds. */
export type ProbedSource = z.infer<typeof facts>;

/**
 * Mounts a volume read-only and inspects what it holds. A LUN that the app uses is inspected where the app has it
 * mounted. Nothing is written, and no lock is taken on the volume.
 *
 * @param options.seconds time limit for listing the files. Default: 900
 * @param options.checksDatabases whether files are read too: all of each database, to check it, and a sample of the
 * largest file. Default: false
 * @param options.texts paths of files of up to 64 KiB whose text is wanted. Default: none
 */
export function probeSource(
  source: CopySource,
  {
    seconds = 900,
    checksDatabases = false,
    texts = [],
  }: { readonly seconds?: number; readonly checksDatabases?: boolean; readonly texts?: readonly string[] } = {},
): Script<ProbedSource> {
  const checks = checksDatabases ? 'yes' : 'no';
  const parameters = { ...sourceParameters(source), seconds, checks, wanted: texts };
  return renderScript('copy/probe-source', parameters, facts, sourceSecrets(source));
}
