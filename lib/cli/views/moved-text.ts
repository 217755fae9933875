import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { clock } from '../../core/clock';
import { readableBytes } from '../../core/quantity';
import type { Moved } from '../../migration/cutover/cut-over';
import type { SealedVolume } from '../../migration/cutover/stop-phase';
import { unfencedText } from '../../migration/settle/fence-from-journal';
import { describeStorage } from '../../storage/registry';

/** The report of a move, which is printed and saved. */
export function movedText({ app, volumes, parts, healthy, unfenced }: Moved): string {
  return [
    healthy
      ? `${app} runs on its new volume${volumes.length > 1 ? 's' : ''}.`
      : `${app} has its new volume${volumes.length > 1 ? 's' : ''}. It is as it was before, with no replicas: start it with what applies it.`,
    ...volumes.flatMap(volumeLines),
    ...(healthy
      ? [`  running: pod ${healthy.pod} on ${healthy.node}`, ...healthy.checks.map((check) => `    ${check}`)]
      : []),
    ...downLines(parts),
    `  the old data is where it was, unchanged: ${volumes.map(({ volume: { source } }) => describeStorage(source)).join(', ')}`,
    ...(unfenced ? [`  ${unfencedText(unfenced)}`] : []),
    `  to roll back: lunward rollback ${app}`,
  ].join('\n');
}

function volumeLines({ volume: { mountPath, source, target }, copied }: SealedVolume): string[] {
  const from = describeStorage(source);
  const head = `  ${mountPath}: from ${from} to ${describeStorage(target)} (claim ${target.name})`;
  if (!copied) return [head, '    sealed by an earlier run'];
  const { files, bytes, hashed, vouched, databases, patched, manifest, milliseconds } = copied;
  const whole = databases.filter(({ check }) => check.outcome === 'whole');
  const others = databases.filter(({ check }) => check.outcome !== 'whole');
  return [
    head,
    `    ${files} files, ${readableBytes(bytes)}: every one equal on both sides by SHA-256`,
    `    ${vouched.files} of them hashed while it ran and unchanged since, ${hashed.files} (${readableBytes(hashed.bytes)}) hashed while it was down`,
    ...(whole.length > 0
      ? [`    ${whole.length} ${whole.length === 1 ? 'database' : 'databases'} checked on copies: whole`]
      : []),
    ...others.map(({ path: file, check }) => `    ${file} could not be checked: ${check.text}`),
    ...patched.map((file) => `    ${file}: its setting was changed, as planned`),
    `    manifest ${manifest}`,
    `    on the node: ${Object.entries(milliseconds)
      .map(([part, took]) => `${part} ${seconds(took)}`)
      .join(', ')}`,
  ];
}

/** The app is down from the moment it is asked to stop until it is Ready; before it, pods are kept away. */
function downLines(parts: Moved['parts']): string[] {
  if (!parts.some(([part]) => part === 'stop'))
    return ['  an earlier run stopped it; this one did not measure how long it was down'];
  const down = parts.filter(([part]) => part !== 'fence');
  const sum = down.reduce((total, [, milliseconds]) => total + milliseconds, 0);
  const each = down.map(([part, milliseconds]) => `${part} ${seconds(milliseconds)}`).join(', ');
  return [`  down for ${seconds(sum)}: ${each}`];
}

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`;

/** Writes a report into the description's folder. @returns its path */
export function writeReport(file: string, app: string, text: string): string {
  const folder = path.join(path.dirname(path.resolve(file)), 'lunward-reports');
  mkdirSync(folder, { recursive: true });
  const now = new Date(clock.now()).toISOString();
  const report = path.join(folder, `${app}-${now.slice(0, 19).replace(/[-:]/g, '')}Z.txt`);
  writeFileSync(report, `${now}\n${text}\n`);
  return report;
}
