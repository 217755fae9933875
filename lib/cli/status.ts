import type { JournalEntry } from '../migration/journal';
import { lookAtUnit } from '../migration/unit-look';
import { Workplace } from './workplace';

/** Prints how far apps' volumes are, by the journal and by what runs on the nodes. Nothing is changed. */
export async function status(
  apps: readonly string[],
  { file, json }: { readonly file: string; readonly json?: boolean },
): Promise<void> {
  const all = [];
  for (const app of apps) all.push(await statusOf(await Workplace.of(file, app)));
  console.log(json ? JSON.stringify(all, undefined, 2) : all.map(statusText).join('\n\n'));
}

interface Status {
  readonly app: string;
  readonly volumes: readonly { readonly volume: string; readonly latest: JournalEntry; readonly work: string }[];
}

async function statusOf(workplace: Workplace): Promise<Status> {
  const journal = await workplace.journal();
  const volumes = [];
  for (const [volume, latest] of journal.all()) {
    volumes.push({ volume, latest, work: await workOn(workplace, volume, latest) });
  }
  return { app: workplace.app, volumes };
}

/** What runs for a volume on the node that writes to it. */
async function workOn({ nodes }: Workplace, volume: string, latest: JournalEntry): Promise<string> {
  const seen = await lookAtUnit(nodes, volume, latest);
  if (typeof seen === 'string') return seen;
  if (!seen) return 'nothing runs for it';
  const { step, unit } = seen;
  if (unit.state === 'ended') return `${step} has ended: run "lunward migrate" again`;
  return `${step} runs: ${unit.progress || 'it has just begun'}`;
}

function statusText({ app, volumes }: Status): string {
  if (volumes.length === 0) return `${app}: nothing was begun`;
  const lines = volumes.flatMap(({ volume, latest, work }) => [
    `  ${volume}: ${latest.state} since ${latest.at}, attempt ${latest.attempt} on ${latest.node}, disk ${latest.wwn}`,
    `    ${work}`,
  ]);
  return [`${app}:`, ...lines].join('\n');
}
