import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { exitCodes } from '../../lib/cli/exit-codes';

it('lists every exit code with its category and meaning', () => {
  const page = readFileSync(path.join(__dirname, '../../docs/exit-codes.md'), 'utf8');
  const rows = Object.entries(exitCodes).map(
    ([category, { code, meaning }]) => `| ${code} |${category === 'done' ? '' : ` \`${category}\``} | ${meaning} |`,
  );
  expect(page).toContain(`|---|---|---|\n${rows.join('\n')}\n\n`);
});
