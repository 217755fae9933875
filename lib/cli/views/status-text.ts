import { lockFileName } from '../../cluster/lock';
import { type Cutover, isRestart } from '../../migration/journal/cutover';
import type { AppPod } from '../../migration/use-cases/app-pods';
import type { LiveVolume } from '../../migration/use-cases/live-volumes';
import type { Status } from '../../migration/use-cases/status';
import { describeIdentity } from '../../storage/registry';
import { type AppProblem, isProblem } from '../each-app';
import { coloured } from '../terminal/colour';
import { indentedFinding } from './finding-lines';

/** What runs for an app, and how far its volumes are. */
export function statusText(status: Status | AppProblem): string {
  if (isProblem(status)) return `${status.app}: ${coloured('failed')}: ${status.problem}`;
  const { app, live, cutover, volumes, next } = status;
  const lines = [
    ...(live.length > 0 ? live.map(liveLine) : ['  no volume with state']),
    ...podLines(status),
    ...(cutover ? cutoverLines(app, cutover) : []),
    ...lockLines(status),
    ...status.findings.flatMap(indentedFinding),
    ...volumes.flatMap(({ volume, latest, work }) => [
      `  ${volume}: ${latest.state} since ${latest.at}, attempt ${latest.attempt} on ${latest.node}, ${describeIdentity(latest.target)}`,
      `    ${work}`,
    ]),
    ...(next ? [`  next: ${next}`] : []),
  ];
  return [`${app}:`, ...lines].join('\n');
}

function liveLine({ mountPath, claim, before, by }: LiveVolume): string {
  const since = by === 'journal' ? before && `before: ${before}` : 'never moved';
  return `  ${mountPath}: on claim ${claim}${since ? ` (${since})` : ''}`;
}

function podLines({ live, pods }: Status): string[] {
  if (typeof pods === 'string') return [`  pods: unknown: ${pods}`];
  if (pods.length === 0) return ['  pods: none'];
  return pods.flatMap(({ name, node, phase, ready, claims }) => [
    `  pod ${name} on ${node ?? 'no node yet'}: ${phase}, ${ready ? 'ready' : 'not ready'}${mounted(live, claims)}`,
    ...live
      .filter(({ mountPath, claim }) => (claims[mountPath] ?? claim) !== claim)
      .map(
        ({ mountPath, claim, by }) =>
          `    ${coloured('warning')}: it mounts claim ${claims[mountPath]} at ${mountPath}, and ${claim} is live by the ${by}`,
      ),
  ]);
}

/** What the pod itself mounts, whatever journal and lock say. */
function mounted(live: readonly LiveVolume[], claims: AppPod['claims']): string {
  const own = live.flatMap(({ mountPath }) => claims[mountPath] ?? []);
  return own.length > 0 ? `, with claim ${own.join(', ')}` : '';
}

const now: Readonly<Record<Cutover['phase'], string>> = {
  stopping: 'it is down, or about to be, and the old volumes are live',
  switched: 'the new volumes are live, and it is being started on them',
  'stopped-on-target': 'the new volumes are live, and it is kept stopped there, as asked for',
  'rolling-back': 'the new volumes are live, and it is down there, or about to be, to be rolled back',
  returning: 'the old volumes are live, and it is being started on them',
  restarting: 'it is down, or about to be, so that its file systems are checked',
  restarted: 'its file systems are checked, and it is being started on them',
};

function cutoverLines(app: string, { phase, at, replicas, volumes }: Cutover): string[] {
  const ways = volumes.map(({ mountPath, from, to }) => `${mountPath} from ${from} to ${to}`).join(', ');
  const [migrate, rollback] = [`"lunward migrate ${app}"`, `"lunward rollback ${app}"`];
  if (isRestart({ phase })) {
    return [
      `  restart under way since ${at} (${phase}): ${volumes.map(({ mountPath, to }) => `${mountPath} on ${to}`).join(', ')}`,
      `    ${now[phase]}; it had ${replicas === 1 ? '1 replica' : `${replicas} replicas`} before`,
      `    "lunward restart ${app}" resumes it; while it runs, wait for it`,
    ];
  }
  const goesOn =
    phase === 'returning' ? `${rollback} resumes that` : `${migrate} resumes it, ${rollback} rolls it back`;
  return [
    `  cut-over under way since ${at} (${phase}): ${ways}`,
    `    ${now[phase]}; it had ${replicas === 1 ? '1 replica' : `${replicas} replicas`} before`,
    `    ${goesOn}; while one of them runs, wait for it`,
  ];
}

function lockLines({ app, live, lock: { differences, written } }: Status): string[] {
  const mendable = differences.some((one) => one.mendable);
  return [
    ...(written
      ? [
          `  ${lockFileName}: ${coloured(written)}${writtenNote(
            written,
            live.some(({ by }) => by === 'journal'),
          )}`,
        ]
      : []),
    ...(differences.length > 0 ? [`  ${coloured('warning')}: ${lockFileName} differs from the journal:`] : []),
    ...differences.map(({ subject, text }) => `    ${subject}: ${text}`),
    ...(mendable ? [`    "lunward status ${app} --write-lock" writes what the journal says; then commit it`] : []),
  ];
}

function writtenNote(written: 'changed' | 'unchanged', isKnown: boolean): string {
  if (written === 'changed') return ' to what the journal says: commit it';
  return isKnown ? '' : ', the journal has no move of this app';
}
