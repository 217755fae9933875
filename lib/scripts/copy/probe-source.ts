import { z } from 'zod';
import { renderScript, type Script } from '../script';
import { type CopySource, sourceParameters, sourceSecrets } from './source';

const count = z.number().int();

/** How many there are, and the names of the first of them, from the top of the tree. */
export const names = z.object({ count, names: z.array(z.string()) });

/** Files that were asked for and are there, as they are. */
export const texts = z.array(z.object({ path: z.string(), base64: z.string() }));

/** A database of SQLite. */
export const database = z.object({
  path: z.string(),
  bytes: count,
  /** Whether it has a write-ahead log, which does not work on a network file system. */
  wal: z.boolean(),
  /** What lies beside it under its name. */
  beside: z.array(z.enum(['wal', 'shm', 'journal'])),
  /** What SQLite said of a copy: its first complaint, or why it was not asked. */
  check: z.object({ outcome: z.enum(['whole', 'complaint', 'unchecked']), text: z.string() }),
});

const facts = z.object({
  /** Of NFS, as it was agreed upon: `3`, `4.2`; the file system of a LUN. */
  version: z.string(),
  /** Whether attributes of users' own (`user.*`) can be seen. */
  xattrs: z.boolean(),
  /** Whether POSIX ACLs can be seen and copied. */
  posixAcls: z.boolean(),
  /** Whether the server has ACLs of NFS 4, which no file system of Linux can hold. */
  nfs4Acls: z.boolean(),
  /** Length of all files; one of several names counts once. */
  bytes: count,
  /** What they take there. */
  allocatedBytes: count,
  /** Everything in the tree, without the folder itself. */
  entries: count,
  files: count,
  directories: count,
  symlinks: count,
  sockets: count,
  fifos: count,
  devices: count,
  /** Files of more than one name. */
  linkSets: count,
  /** Those of them of which a name is not in the tree. */
  linkSetsLeavingTree: count,
  /** Files of more than 64 KiB that take less room than they are long. */
  sparseFiles: count,
  /** Files and folders that root of the node may not read. */
  unreadable: names,
  /** Files that some client still has open, and that were removed: their names are the client's own. */
  removedWhileOpen: names,
  notUtf8: names,
  databases: z.array(database),
  /** Of the files that were asked for, those that are there. */
  texts,
  /** How fast the beginning of its largest file was read; nothing where none is larger than a MiB, or none was to be read. */
  sample: z.object({ bytes: count, milliseconds: count }),
  /** Of its file system. */
  room: z.object({ bytes: count, freeBytes: count, inodes: count, freeInodes: count }),
  /** The folder itself; the mode in octal digits. */
  top: z.object({ uid: count, gid: count, mode: z.string() }),
});

/** What a volume holds. */
export type ProbedSource = z.infer<typeof facts>;

/**
 * Mounts a volume read-only and looks at what it holds; a LUN that the app uses is looked at where that has it mounted. Nothing is
 * written there, no lock is taken.
 *
 * @param options.seconds how long the listing of the files may take
 * @param options.checksDatabases whether files are read too: databases, all of each, which are checked, and a sample of the
 * largest file. Default: not
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
