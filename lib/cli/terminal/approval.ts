import { createInterface } from 'node:readline/promises';
import { UserError } from '../../core/problems';

/** What a person types: the digests where something is destroyed. */
export type Typed = 'yes' | 'digests';

/**
 * Lets a person approve what was shown, or holds an approval that was given beforehand against it.
 *
 * @param digests of the plans that were shown
 * @param approved what the person gave with --approve
 * @param signal Ends the question: nothing is approved then.
 * @throws UserError if it is for another plan, or there is no terminal to ask on
 */
export async function approve(
  digests: readonly string[],
  approved: readonly string[],
  command: string,
  typed: Typed = 'yes',
  signal?: AbortSignal,
): Promise<void> {
  const wanted = digests.join(' ');
  if (approved.length > 0) {
    const unknown = approved.filter((digest) => !digests.includes(digest));
    const missing = digests.filter((digest) => !approved.includes(digest));
    if (unknown.length === 0 && missing.length === 0) return;
    throw new UserError(
      `--approve ${approved.join(' ')} does not match the current plan, ${wanted}: read it above, then approve that one. Nothing was changed`,
      { category: 'refused', code: 'approval-outdated' },
    );
  }
  if (!process.stdin.isTTY) {
    throw new UserError(
      `There is no terminal to ask on: read the plan above, then run ${command} --approve ${wanted}. Nothing was changed`,
      { category: 'refused', code: 'approval-missing' },
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const refused = () =>
    new UserError('Not approved; nothing was changed', { category: 'refused', code: 'not-approved' });
  // The terminal was closed: its question is never answered.
  const closed = new Promise<never>((_, reject) => terminal.once('close', () => reject(refused())));
  try {
    const [question, expected] =
      typed === 'yes' ? ['"yes"', 'yes'] : [digests.length > 1 ? 'the digests' : 'the digest', wanted];
    // Ctrl-C, Ctrl-D and the signal reject it.
    const asked = terminal.question(`Type ${question} to do this: `, { signal }).catch(() => undefined);
    const answer = await Promise.race([asked, closed]);
    if (answer?.trim() !== expected) throw refused();
  } finally {
    terminal.close();
  }
}
