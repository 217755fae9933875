import type { JournalEntry } from '../migration/journal';
import { readUnit, unitName } from '../shell/unit';
import { UserError } from '../spec/problems';
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
async function workOn({ nodes }: Workplace, volume: string, { node: name, attempt }: JournalEntry): Promise<string> {
  const node = nodes.find((one) => one.name === name);
  if (!node) return `node ${name} is not in the description any more`;
  try {
    for (const work of ['copy', 'hash'] as const) {
      const report = await node.runner.run(readUnit(unitName(work, { volume, attempt })));
      if (report.result === 'declined') return report.reason;
      const { state, progress } = report.facts;
      if (state === 'running') return `${work} runs: ${progress || 'it has just begun'}`;
      if (state === 'ended') return `${work} has ended: run "lunward migrate" again`;
    }
    return 'nothing runs for it';
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

function statusText({ app, volumes }: Status): string {
  if (volumes.length === 0) return `${app}: nothing was begun`;
  const lines = volumes.flatMap(({ volume, latest, work }) => [
    `  ${volume}: ${latest.state} since ${latest.at}, attempt ${latest.attempt} on ${latest.node}, disk ${latest.wwn}`,
    `    ${work}`,
  ]);
  return [`${app}:`, ...lines].join('\n');
}
