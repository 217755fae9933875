import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { defineCluster } from '../../lib/cluster';
import type { MediaAppProps } from '../../lib/workload';
import { typescriptConfig } from '../typescript-config';
import { type Fence, fencesOf, pages, root, run } from './fences';

const snippets = pages().flatMap((page) => fencesOf(page).filter(({ language }) => language === 'ts'));

describe('the snippets of README and docs', () => {
  it('exist', () => expect(snippets.length).toBeGreaterThan(10));

  it('are complete modules that import the package', () => {
    const others = snippets.filter(({ code }) => !/^import .* from 'lunward(\/pulumi|\/migration)?';$/ms.test(code));
    expect(others.map(({ page, line }) => `${page}:${line}`)).toEqual([]);
  });

  it('type-check', () => {
    const slip: Fence = { page: 'slip.md', line: 7, language: 'ts', code: "import { nfs } from 'lunward';\nnfs({});" };
    const errors = errorsOf([...snippets, slip]);
    expect(errors.filter((error) => !error.startsWith('slip.md'))).toEqual([]);
    // And a slip is seen, at its line.
    expect(errors).toContainEqual(expect.stringMatching(/^slip\.md:8: .*NfsStaticVolumeProps/));
    // All types of the libraries are read, which takes longer than other tests on a busy host.
  }, 240_000);

  it.each(snippets.filter(({ code }) => !/lunward\/(pulumi|migration)/.test(code)))(
    'runs: $page:$line',
    async (snippet) => {
      const { app, ...exports } = await run(snippet);
      for (const value of [app, exports.torrents]) {
        if (value !== undefined) {
          expect(() => defineCluster({ namespace: 'media', apps: { app: value as MediaAppProps } })).not.toThrow();
        }
      }
    },
  );
});

/** Type errors of all snippets in one program, by page and line. */
function errorsOf(fences: readonly Fence[]): string[] {
  const config = typescriptConfig('tsconfig.json');
  // In the root, where a user's own description stands beside package.json.
  const files = new Map(fences.map((fence, index) => [path.join(root, `snippet-${index}.ts`), fence]));
  const options: ts.CompilerOptions = {
    ...config.options,
    declaration: false,
    noUnusedLocals: false,
    incremental: false,
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => files.has(path.normalize(name)) || fileExists(name);
  host.readFile = (name) => files.get(path.normalize(name))?.code ?? readFile(name);
  host.getSourceFile = (name, ...rest) => {
    const fence = files.get(path.normalize(name));
    return fence ? ts.createSourceFile(name, fence.code, rest[0]) : getSourceFile(name, ...rest);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files].flatMap(([name, { page, line }]) => {
    const source = program.getSourceFile(name);
    const diagnostics = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return diagnostics.map(({ start = 0, messageText }) => {
      const offset = source?.getLineAndCharacterOfPosition(start).line ?? 0;
      return `${page}:${line + offset}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
  });
}
