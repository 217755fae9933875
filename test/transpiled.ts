import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { typescriptConfig } from './typescript-config';

const root = path.join(__dirname, '..');
const cache = path.join(root, 'node_modules/.cache/lunward-transpiled');
/** What compiled code finds beside it in the package. */
const beside = ['lib', 'package.json', 'templates'];

let made: string | undefined;

/**
 * A folder with the JavaScript of `lib` in `build`, and what it finds beside it in the package. A command that is transpiled while it
 * loads takes three times as long to start. It is made once for each state of the sources; types are not checked here.
 */
export function transpiled(): string {
  made ??= ofTheseSources();
  return made;
}

/** The `lunward` command, for Node.js. */
export const commandFile = (): string => path.join(transpiled(), 'build/cli/main.js');

interface Source {
  /** Path from `lib`. */
  readonly name: string;
  readonly text: string;
}

function ofTheseSources(): string {
  const { fileNames, options } = typescriptConfig('tsconfig.build.json');
  const sources = fileNames.map((file) => ({
    name: path.relative(path.join(root, 'lib'), file),
    text: readFileSync(file, 'utf8'),
  }));
  const hash = createHash('sha256').update(`${ts.version}\0${JSON.stringify(options)}`);
  for (const { name, text } of sources) hash.update(`\0${name}\0${text}`);
  const folder = path.join(cache, hash.digest('hex').slice(0, 16));
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  // Others are of sources that are not there any more.
  for (const name of readdirSync(cache).filter((one) => !one.startsWith('draft-'))) {
    rmSync(path.join(cache, name), { recursive: true, force: true });
  }
  const draft = mkdtempSync(path.join(cache, 'draft-'));
  try {
    write(draft, sources, options);
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true });
    // Another process may have been faster.
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

function write(folder: string, sources: readonly Source[], compilerOptions: ts.CompilerOptions): void {
  for (const name of beside) symlinkSync(path.join(root, name), path.join(folder, name));
  for (const { name, text } of sources) {
    const file = path.join(folder, 'build', name.replace(/\.ts$/, '.js'));
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(
      file,
      ts.transpileModule(text, { compilerOptions, fileName: path.join(root, 'lib', name) }).outputText,
    );
  }
}
