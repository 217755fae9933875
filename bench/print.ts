import type { Figures } from './compare';
import { median, spread } from './statistics';

const aim = 1.2;

const rows: readonly { readonly title: string; readonly of: (figures: Figures) => number; readonly digits: number }[] =
  [
    { title: 'processor s', of: ({ processor }) => processor, digits: 2 },
    { title: 'wall s', of: ({ wall }) => wall, digits: 2 },
    { title: 'memory MiB', of: ({ memory }) => memory, digits: 0 },
  ];

/** What is compared: ours, its floor, and what both contain and neither can save. */
export interface Comparison {
  readonly ours: readonly Figures[];
  readonly floor: readonly Figures[];
  /** Subtracted from both before the ratio is computed. Default: nothing. */
  readonly base?: readonly Figures[];
}

/** Prints a comparison: each figure as least, median and most, and the ratio of the medians. */
export function print(title: string, { ours, floor, base }: Comparison): void {
  console.log(`\n${title}`);
  const heads = ['lunward', 'floor', ...(base ? ['in both'] : [])];
  const note = base ? `ratio of medians beyond what is in both` : 'ratio of medians';
  console.log(line('', heads, `${note} (aim ${aim})`));
  for (const { title: head, of, digits } of rows) {
    const [left, right, both] = [ours.map(of), floor.map(of), base?.map(of)];
    const less = both ? median(both) : 0;
    const ratio = (median(left) - less) / (median(right) - less);
    const cells = [left, right, ...(both ? [both] : [])].map((values) => spread(values, digits));
    console.log(line(head, cells, `${ratio.toFixed(2)}${ratio > aim ? '  missed' : ''}`));
  }
}

function line(head: string, cells: readonly string[], end: string): string {
  return `  ${head.padEnd(12)}${cells.map((cell) => cell.padEnd(22)).join('')}${end}`;
}
