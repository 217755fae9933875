import type { Advice } from '../../core/advice';
import { UserError } from '../../core/problems';
import { quote } from '../../scripts/quote';
import type { JournalContent } from '../journal/content';
import { Journal } from '../journal/journal';
import { contradictions } from './contradictions';
import { type MoveTraces, type TracedApp, tracesOfMoves } from './move-traces';
import { recoveredJournal, recoveredNext, replicasText } from './recovered-journal';

/** Says what is left of the moves of an app that has lost its journal, and how to write the journal again. */
export function lostJournalAdvice(traces: MoveTraces): Advice & { readonly remedy: string } {
  const { app, namespace, locked, fence, workload } = traces;
  const live = mountText(locked);
  const seen = [
    live ? `lunward.lock.json says that ${live} is live` : 'lunward.lock.json names no live volume',
    workload
      ? `its Deployment has ${replicasText(workload)}, ${workload.ready} Ready, with ${mountText(workload.claims) || 'no claim'}`
      : 'it has no Deployment',
    ...(fence ? [`its fence says: "${fence.message}"`] : []),
  ];
  return {
    code: 'journal-lost',
    subject: app,
    found: `was moved before, but its journal, ConfigMap ${namespace}/${Journal.nameFor(app)}, is not in the cluster: ${seen.join('; ')}`,
    remedy: `Restore the ConfigMap from a backup. If you have none: ${wayOut(traces)}`,
  };
}

/** The same in one text. */
export function lostJournalText(traces: MoveTraces): string {
  const { subject, found, remedy } = lostJournalAdvice(traces);
  return `${subject} ${found}. ${remedy}`;
}

const mountText = (claims: Readonly<Record<string, string>>) =>
  Object.entries(claims)
    .map(([mountPath, claim]) => `${claim} at ${mountPath}`)
    .join(', ');

function wayOut(traces: MoveTraces): string {
  const { app, locked, fence, workload } = traces;
  const recovered = fence?.isOfStopped && fence.record && recoveredJournal({ ...traces, record: fence.record });
  const reasons = contradictions(traces, recovered || { live: locked });
  if (recovered && reasons.length === 0) {
    return (
      'fence, lock file and Deployment agree on what was under way. This writes the journal again: ' +
      `${writtenBy(traces, recovered)}. Then ${recoveredNext(app, recovered)}. ${WITHOUT_SEALS}`
    );
  }
  const because = reasons.length > 0 ? `the records disagree (${reasons.join('; ')}), so ` : '';
  if (Object.keys(locked).length === 0) {
    return `${because}restore lunward.lock.json from Git first, which says what is live, and run this again`;
  }
  if (fence?.isOfStopped) {
    const replicas = fence.record ? `, of an app with ${replicasText(fence.record)}` : '';
    return (
      `a move or a rollback was under way${replicas}. ${capitalized(`${because}${FIND_LATEST}`)}. ` +
      `Make lunward.lock.json name it, remove the fence ("kubectl delete validatingadmissionpolicybinding,validatingadmissionpolicy ${fence.name}"), ` +
      'apply what "lunward synth" writes, and run this again once the app is Ready'
    );
  }
  const claims = workload?.claims ?? {};
  const isSame = Object.entries(locked).every(([mountPath, claim]) => claims[mountPath] === claim);
  if (!workload || !isSame || reasons.length > 0) {
    return (
      `${isSame ? because : 'the lock file and the Deployment do not name the same volumes, so '}${FIND_LATEST}. ` +
      'Make lunward.lock.json name it, with its seal if it has one, apply what "lunward synth" writes, and run this again once the app is Ready'
    );
  }
  if (workload.ready === 0) {
    return 'start the app on the volumes that lunward.lock.json names, and run this again once it is Ready';
  }
  return (
    `the lock file agrees with the running app. This records the live volumes in a new journal: ${writtenBy(traces, { live: locked })}. ` +
    `The new journal does not say what was live before, so "lunward rollback" has nothing to return to. ${WITHOUT_SEALS}`
  );
}

const FIND_LATEST = 'find out which volume has the latest data (none of them was deleted)';

const WITHOUT_SEALS = 'The new journal has no seals, so "lunward verify" has nothing to compare with';

const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** The command that writes a journal with this content. */
function writtenBy({ app, namespace }: MoveTraces, content: Omit<JournalContent, 'version' | 'volumes'>): string {
  const journal = JSON.stringify({ version: 2, volumes: {}, ...content });
  return `"kubectl create configmap ${Journal.nameFor(app)} --namespace ${namespace} --from-literal=journal=${quote(journal)}"`;
}

/** @throws UserError if the app was moved and has lost its journal: a new move would begin as if the app had never been moved */
export async function assertNeverMoved(asked: TracedApp): Promise<void> {
  const traces = await tracesOfMoves(asked);
  if (!traces) return;
  throw new UserError(`${lostJournalText(traces)}. Nothing was changed`, { category: 'refused', code: 'journal-lost' });
}
