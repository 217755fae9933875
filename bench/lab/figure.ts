import { median, spread } from '../statistics';

/** Measured in turn with what it is held against, in one run. */
export interface Side {
  readonly name: string;
  readonly values: readonly number[];
}

/** Something measured, and a peer or floor of the same run. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly ours: Side;
  readonly peer: Side;
  /** For the ratio, ours to the peer's. Default: none, the ratio is only told. */
  readonly aim?: { readonly least: number } | { readonly most: number };
}

/** A figure for a person: each side as least, median and most where there are several, and the ratio of the medians. */
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

// A ratio that could not be told meets nothing.
function isMet(ratio: number, aim: NonNullable<Figure['aim']>): boolean {
  return 'least' in aim ? ratio >= aim.least : ratio <= aim.most;
}

function valuesText(values: readonly number[]): string {
  const largest = Math.max(...values);
  const digits = largest >= 100 ? 0 : largest >= 10 ? 1 : 2;
  return values.length === 1 ? median(values).toFixed(digits) : spread(values, digits);
}
