import { readableBytes } from '../../core/quantity';
import type { VerifiedMount } from '../../migration/use-cases/verify';
import type { VerifiedVolume } from '../../scripts/copy/verify-volume';
import { findingLines } from './finding-lines';
import { fileCount, writtenLines } from './written-text';

/** What was found of verified volumes. */
export function verifyText(mounts: readonly VerifiedMount[]): string {
  const isWell = mounts.every(({ findings }) => findings.length === 0);
  const lines = mounts.flatMap((mount) => [mountHead(mount), ...(mount.found ? foundLines(mount.found, mount) : [])]);
  const told = findingLines(mounts.flatMap(({ findings }) => findings));
  return [...lines, ...told, ...(isWell ? ['', 'Nothing is wrong with it.'] : [])].join('\n');
}

function mountHead({ app, mountPath, claim, attempt, sealedAt, ...looked }: VerifiedMount): string {
  const where = looked.node && `, ${lookedAt(looked)} on ${looked.node}`;
  return `${app}: ${mountPath} on claim ${claim}, sealed as attempt ${attempt} at ${sealedAt}${where ?? ''}`;
}

function lookedAt({ pod, isShared = false }: Pick<VerifiedMount, 'pod' | 'isShared'>): string {
  if (isShared) return 'read through a mount of its own';
  return pod ? `read where pod ${pod} uses it` : 'not in use, read';
}

function foundLines(found: VerifiedVolume, { isShared = false }: Pick<VerifiedMount, 'isShared'>): string[] {
  const { sealed, same, bytesRead, seconds } = found;
  return [
    `  sealed: ${fileCount(sealed.files)} (${readableBytes(sealed.bytes)})`,
    `  unchanged, by SHA-256 of what ${isShared ? 'the server' : 'the disk'} returns: ${fileCount(same.files)} (${readableBytes(same.bytes)}); ${readableBytes(bytesRead)} read in ${seconds} s`,
    ...writtenLines(found).map((line) => `  ${line}`),
  ];
}
