import type { Restarted, RestartPlan } from '../../migration/use-cases/restart';
import { findingLines } from './finding-lines';

/** What a restart would do, for the operator. */
export function restartPlanText({ app, volumes, findings, digest }: RestartPlan): string {
  return [
    `${app}: is stopped, its file systems are checked while nothing uses them, and it is started again`,
    ...volumes.map(({ mountPath, claim, place }) => `  ${mountPath} on claim ${claim}, ${place}`),
    '  what can be repaired without an answer is repaired; if more is wrong, the app stays down',
    ...findingLines(findings),
    ...(findings.length > 0 ? [''] : []),
    `  digest ${digest}`,
  ].join('\n');
}

/** What became of it. */
export function restartedText({ app, checks, pod, findings }: Restarted): string {
  return [
    ...checks.map(
      ({ claim, node, result, said }) =>
        `${claim}: checked on ${node}, ${result === 'changed' ? 'errors were repaired' : 'nothing was wrong'} (${said})`,
    ),
    pod
      ? `${app} runs again: pod ${pod.name} on ${pod.node} is Ready.`
      : `${app} is as it was before, with no replicas: start it with what applies it.`,
    ...findingLines(findings),
  ].join('\n');
}
