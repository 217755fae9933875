import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createJiti } from 'jiti';

export const root = path.join(__dirname, '../..');

/** A fenced block of a page. */
export interface Fence {
  /** Page relative to the repository: `docs/volumes.md`. */
  readonly page: string;
  /** Line of its first line of code, counted from 1. */
  readonly line: number;
  readonly language: string;
  readonly code: string;
}

/** The pages that users read. */
export function pages(): string[] {
  const docs = readdirSync(path.join(root, 'docs')).filter((name) => name.endsWith('.md'));
  return ['README.md', ...docs.map((name) => `docs/${name}`)].filter((page) => exists(page));
}

/** The fenced blocks of a page, in order. */
export function fencesOf(page: string): Fence[] {
  const lines = readFileSync(path.join(root, page), 'utf8').split('\n');
  const fences: Fence[] = [];
  let open: { line: number; language: string } | undefined;
  lines.forEach((text, index) => {
    const marker = /^```(\S*)\s*$/.exec(text);
    if (marker && open) {
      fences.push({ page, ...open, code: lines.slice(open.line - 1, index).join('\n') });
      open = undefined;
    } else if (marker) {
      open = { line: index + 2, language: marker[1] ?? '' };
    }
  });
  if (open) {
    throw new Error(`${page}:${open.line}: a fence that is never closed`);
  }
  return fences;
}

const jiti = createJiti(path.join(root, 'snippet.ts'), {
  alias: { lunward: path.join(root, 'lib/index.ts') },
});

/** Runs a snippet and gives what it exports. */
export async function run({ code }: Fence): Promise<Record<string, unknown>> {
  const folder = mkdtempSync(path.join(tmpdir(), 'snippet-'));
  // Some snippets write manifests, as `cdk8s synth` has them do.
  process.env.CDK8S_OUTDIR = path.join(folder, 'dist');
  try {
    const file = path.join(folder, 'snippet.ts');
    // Beside no node_modules: what it imports is found from the repository.
    const imports = code.replace(
      /from '(cdk8s|cdk8s-plus-28|constructs)'/g,
      (_, name) => `from '${require.resolve(name)}'`,
    );
    writeFileSync(file, imports);
    return await jiti.import<Record<string, unknown>>(file);
  } finally {
    delete process.env.CDK8S_OUTDIR;
    rmSync(folder, { recursive: true, force: true });
  }
}

function exists(page: string): boolean {
  return page !== 'README.md' || readdirSync(root).includes(page);
}
