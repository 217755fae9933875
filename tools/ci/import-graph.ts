import { readFileSync } from 'node:fs';
import path from 'node:path';
import { preProcessFile } from 'typescript';
import { sourceFiles } from './source-files';

const CODE = /\.(ts|mts|cts|js|mjs|cjs)$/;
/** A quoted text without spaces or quotes. */
const LITERAL = /(['"`])([\w@./$*{}-]+)\1/g;
const PACKAGE = /(?:\bfrom|\brequire\(|\bimport\(?)\s*(['"])lunward(\/\w+)?\1/g;
/** A path to a compiled file, in one literal or in one literal for each folder. */
const COMPILED = /\bbuild\b['"`, /]+((?:[\w-]+['"`, /]+)*[\w-]+)\.c?js\b/g;
const SOURCED = /(?:^|\s)(?:source|\.)\s+"?([^\s"]+\.sh)"?|shellcheck source=(\S+\.sh)/g;

/**
 * What each file of `lib`, `lab`, `test` and `stacks` uses directly: imports, scripts, and other files of the checkout
 * that it names.
 */
export class ImportGraph {
  private readonly files: ReadonlySet<string>;
  private readonly scripts: ReadonlyMap<string, readonly string[]>;
  private readonly uses = new Map<string, readonly string[]>();

  constructor(private readonly root: string) {
    this.files = new Set(
      ['lib', 'lab', 'test', 'stacks', 'templates', 'docs'].flatMap((folder) => sourceFiles(root, folder)),
    );
    const scripts = new Map<string, string[]>();
    for (const file of this.files) {
      if (!/^lib\/.*\.sh$/.test(file)) continue;
      const stem = path.posix.basename(file, '.sh');
      scripts.set(stem, [...(scripts.get(stem) ?? []), file]);
    }
    this.scripts = scripts;
  }

  has(file: string): boolean {
    return this.files.has(file);
  }

  /** A file with everything that it uses, directly or indirectly. It may contain too much, never too little. */
  closure(file: string): ReadonlySet<string> {
    const seen = new Set<string>();
    const waiting = [file];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      waiting.push(...this.usedBy(next));
    }
    return seen;
  }

  private usedBy(file: string): readonly string[] {
    const known = this.uses.get(file);
    if (known) return known;
    const text = this.files.has(file) ? readFileSync(path.join(this.root, file), 'utf8') : '';
    const used = CODE.test(file) ? this.usedByCode(file, text) : file.endsWith('.sh') ? this.usedByScript(text) : [];
    this.uses.set(file, used);
    return used;
  }

  private usedByCode(file: string, text: string): string[] {
    const imported = preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
    // An import is exact: it must not count as all files of the folder that it names.
    const literals = [...text.matchAll(LITERAL)]
      .map(([, , literal = '']) => literal)
      .filter((literal) => !imported.includes(literal));
    const compiled = [...text.matchAll(COMPILED)].map(
      ([, inside = '']) => `lib/${inside.replace(/['"`, /]+/g, '/')}.ts`,
    );
    // The package's own name, also in a program whose text is in the code.
    const packages = [...text.matchAll(PACKAGE)].map(([, , entry = '']) => `lib${entry}/index.ts`);
    return [
      ...packages,
      ...imported.flatMap((name) => this.imported(file, name)),
      ...literals.flatMap((name) => this.named(file, name)),
      ...compiled.filter((name) => this.files.has(name)),
    ];
  }

  private imported(file: string, name: string): string[] {
    if (!name.startsWith('.')) return [];
    const place = path.posix.join(path.posix.dirname(file), name);
    const places = [...['', '.ts', '.mts', '.js', '/index.ts'].map((ending) => `${place}${ending}`), sourceOf(place)];
    return places.filter((one) => this.files.has(one)).slice(0, 1);
  }

  /** What a literal in the code of a file may name: scripts, a file, or all files of a folder. */
  private named(file: string, name: string): string[] {
    const places = [path.posix.join(path.posix.dirname(file), name), path.posix.normalize(name)];
    // Only the library starts scripts by their bare names; elsewhere the same word means another program.
    const scripts = name.endsWith('.sh') || file.startsWith('lib/') ? this.scriptsNamed(name) : [];
    // An import that TypeScript did not see: it takes a backtick in a regular expression for the start of a string.
    const imported = /^\.\.?\/.*\w/.test(name) ? this.imported(file, name) : [];
    return [...scripts, ...imported, ...places.flatMap((place) => this.at(place, name))];
  }

  /**
   * Scripts are named without their folder, some without their extension, and some with a part that is only known
   * later.
   */
  private scriptsNamed(name: string): string[] {
    const stem = path.posix.basename(name, '.sh');
    const fixed = stem.split(/\$\{\w+\}|\$\w+|\*/);
    if (!name.endsWith('.sh') || fixed.length === 1) return [...(this.scripts.get(stem) ?? [])];
    // Without a fixed part the name matches every script: the code that uses one also names it.
    if (fixed.join('') === '') return [];
    const pattern = new RegExp(`^${fixed.map(escaped).join('.*')}$`);
    return [...this.scripts].flatMap(([one, files]) => (pattern.test(one) ? files : []));
  }

  private at(place: string, name: string): string[] {
    const file = [place, sourceOf(place)].find((one) => this.files.has(one));
    if (file) return [file];
    const folder = place.replace(/\/$/, '');
    // Only a relative path with a name in it: `..` stands for too much, and `lib/nodes` may be in a comment.
    if (!/^\..*\/[\w-]/.test(name) || !folder.includes('/')) return [];
    return [...this.files].filter((one) => one.startsWith(`${folder}/`));
  }

  private usedByScript(text: string): string[] {
    return [...text.matchAll(SOURCED)].flatMap(([, sourced, checked]) => this.scriptsNamed(sourced ?? checked ?? ''));
  }
}

/** The TypeScript file from which a file is compiled. */
function sourceOf(file: string): string {
  return file.replace(/\.js$/, '.ts');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
