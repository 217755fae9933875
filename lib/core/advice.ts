import type { AdviceCode } from './advice-codes';

/** What an operator should know, and do about it: why a command does not start, or what is wrong with a node, a volume or an app. */
export interface Advice {
  /** Stays the same when the wording changes. */
  readonly code: AdviceCode;
  /** What the advice is about; the sentence starts with it: `node-a`, `PersistentVolume jellyfin-config`. */
  readonly subject: string;
  /** What was found, without the subject: "is Lost". */
  readonly found: string;
  /** What should be there instead, if `found` does not say it: "Bound". */
  readonly expected?: string;
  /** What to do. */
  readonly remedy?: string;
  /** What it concerns, for a program: `subject` is for a person. */
  readonly affects?: { readonly node: string };
}

/** What `doctor`, `nodes` and `verify` report: the command continues, and the severity says how bad it is. */
export interface Finding extends Advice {
  /** `error`: volumes cannot be used, or data is in danger. `warning`: it will cause trouble later. */
  readonly severity: 'error' | 'warning';
  readonly remedy: string;
}

/** What was found and expected, in one sentence without the remedy. */
export function adviceSentence({ subject, found, expected }: Omit<Advice, 'code'>): string {
  return `${subject} ${found}${expected ? `, expected ${expected}` : ''}`;
}
