import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const folder = path.join(__dirname, '../../lib/scripts');
const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.sh'))
  .map((name) => ({ name, text: readFileSync(path.join(folder, name), 'utf8') }));

const bodies = new Map(
  texts.flatMap(({ text }) =>
    [...text.matchAll(/^(\w+)\(\) \{(?: (.*) \}|\n([\s\S]*?)^\})$/gm)].map(
      ([, name = '', line = '', lines = '']) => [name, line || lines] as const,
    ),
  ),
);

const calls = (name: string) => new RegExp(`(^|[;&|({]|then|do)\\s*${name}\\b(?!\\()`, 'm');

/** Functions that may end the script. */
function reporting(): ReadonlySet<string> {
  const found = new Set(
    [...bodies].filter(([, body]) => /\breport (declined|changed|unchanged)\b/.test(body)).map(([name]) => name),
  );
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const [name, body] of bodies) if ([...found].some((one) => calls(one).test(body))) found.add(name);
  }
  return found;
}

it('no function that may report is called in a subshell, which would capture the report', () => {
  const names = ['report', ...reporting()];
  expect(names).toContain('require_marker');
  const inSubshell = names.map((name) => new RegExp(`(\\$\\(|<\\(|^\\s*\\()\\s*${name}\\b|[^|]\\|\\s*${name}\\b`));
  const swallowed = texts.flatMap(({ name, text }) =>
    text
      .split('\n')
      .filter((line) => !line.trim().startsWith('#') && inSubshell.some((one) => one.test(line)))
      .map((line) => `${name}: ${line.trim()}`),
  );
  expect(swallowed).toEqual([]);
});

it('no message continues after a backslash in single quotes, which would be printed', () => {
  const printed = texts.flatMap(({ name, text }) =>
    [...text.matchAll(/^(?:\w+=| *report \w+ )'[^'\n]*\\$/gm)].map(([line]) => `${name}: ${line.trim()}`),
  );
  expect(printed).toEqual([]);
});
