import { readableBytes } from '../../core/quantity';
import type { ProbedSource } from '../../scripts/copy/probe-source';
import { lunOnNas } from '../../storage/iscsi/lun-on-nas';
import { recommendedSize } from '../../storage/iscsi/recommended-size';
import { type DataVolume, describeStorage, movable } from '../../storage/registry';
import { healthLines } from './database-health';

/** What a source holds, and what of it asks for attention: lines for a person. */
export function sourceLines(source: DataVolume, found: ProbedSource): string[] {
  const { databases, linkSets, linkSetsLeavingTree, sparseFiles, notUtf8, removedWhileOpen, room, version } = found;
  const inWal = databases.filter(({ wal }) => wal).length;
  return [
    `from ${describeStorage(source)}${movable(source).describeVersion(version)}: ${readableBytes(found.bytes)} in ${found.files} files and ${found.directories} folders`,
    ...(databases.length > 0
      ? [
          `  ${databases.length} SQLite databases, ${inWal} of them with a write-ahead log: ${list(databases.map((one) => one.path))}`,
          ...healthLines(found),
        ]
      : []),
    ...(linkSets > 0 ? [`  ${linkSets} files of several names, which stay one file`] : []),
    ...(linkSetsLeavingTree > 0
      ? [`  ${linkSetsLeavingTree} of them have a name outside this folder, and become files of their own`]
      : []),
    ...(sparseFiles > 0 ? [`  ${sparseFiles} files with holes, which stay holes`] : []),
    ...(notUtf8.count > 0 ? [`  ${notUtf8.count} names that are not UTF-8, which stay as they are`] : []),
    ...(removedWhileOpen.count > 0 ? [`  ${removedWhileOpen.count} files that were removed while open, left out`] : []),
    ...(found.nfs4Acls ? ['  access lists of NFS 4, if any, are not copied: no Linux file system can hold them'] : []),
    ...(found.xattrs ? [] : ['  attributes of users (user.*), if any, can not be seen over this version of NFS']),
    // nfstime3 of RFC 1813, section 2.5: seconds since 1970, and no sign.
    ...(version === '3' ? ['  times before 1970, if any, become others: NFS 3 can not say them'] : []),
    ...(room.freeBytes < found.bytes ? [`  only ${readableBytes(room.freeBytes)} are free there: watch it`] : []),
  ];
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

/** What to do where there is no LUN yet: measure, create by hand, then describe it. */
export function firstLunLines(found: ProbedSource, claim: string): string[] {
  const size = recommendedSize(found);
  return [
    `No LUN is described for it yet. For what it holds, one of ${size} is right: twice the data, for it does not grow by itself.`,
    '  1. On the NAS, make an iSCSI target and a thin LUN of that size, mapped to it, for all nodes of the cluster alone:',
    ...lunOnNas.map(({ nas, how }, index) => `     ${nas}: ${how}${index < lunOnNas.length - 1 ? ';' : '.'}`),
    '  2. lunward discover ADDRESS-OF-THE-NAS shows its iqn and the number of the LUN as the nodes see it.',
    `  3. Add it after the line that is there: iscsi({ name: '${claim}-2', targetPortal: '192.0.2.200:3260', iqn: '…', lun: …, size: '${size}' })`,
  ];
}
