import { median, spread } from '../statistics';

/** Values measured in turn with those that they are compared with, in one run. */
export interface Side {
  readonly name: string;
  readonly values: readonly number[];
}

/** A measurement, with a peer or floor from the same run. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly ours: Side;
  readonly peer: Side;
  /** For the ratio of ours to the peer's. Default: none, and the ratio is only printed. */
  readonly aim?: { readonly least: number } | { readonly most: number };
}

/** A figure as text: each side as least, median and most if it has several values, and the ratio of the medians. */
export function figureText({ name, unit, ours, peer, aim }: Figure, isEmulated: boolean): string {
  const ratio = median(ours.values) / median(peer.values);
  const width = Math.max(ours.name.length, peer.name.length, 'ratio'.length) + 2;
  const row = (head: string, text: string) => `  ${head.padEnd(width)}${text}`;
  const verdict = aim ? ` (aim: ${aimText(aim)}${isMet(ratio, aim) ? '' : ', missed'})` : ' (no aim)';
  return [
    name,
    row(ours.name, `${valuesText(ours.values)} ${unit}`.trimEnd()),
    row(peer.name, `${valuesText(peer.values)} ${unit}`.trimEnd()),
    row('ratio', `${ratio.toFixed(2)}${verdict}${isEmulated ? ', emulated' : ''}`),
  ].join('\n');
}

function aimText(aim: NonNullable<Figure['aim']>): string {
  return 'least' in aim ? `at least ${aim.least}` : `at most ${aim.most}`;
}

// A ratio that is not a number meets no aim.
function isMet(ratio: number, aim: NonNullable<Figure['aim']>): boolean {
  return 'least' in aim ? ratio >= aim.least : ratio <= aim.most;
}

function valuesText(values: readonly number[]): string {
  const largest = Math.max(...values);
  const digits = largest >= 100 ? 0 : largest >= 10 ? 1 : 2;
  return values.length === 1 ? median(values).toFixed(digits) : spread(values, digits);
}
