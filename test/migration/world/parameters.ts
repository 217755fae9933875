import type { Script } from '../../../lib/scripts/script';

/** Parameters of a script, as bash would get them. */
export class Parameters {
  constructor(private readonly script: Pick<Script<unknown>, 'name' | 'text'>) {}

  /** @throws Error for one that the script does not have */
  text(name: string): string {
    const [word = ''] = words(this.script.text, this.start(name));
    return word;
  }

  number(name: string): number {
    return Number(this.text(name));
  }

  list(name: string): string[] {
    const start = this.start(name);
    return this.script.text[start] === '(' ? words(this.script.text, start + 1) : [this.text(name)];
  }

  has(name: string): boolean {
    return assignment(name).test(this.script.text);
  }

  private start(name: string): number {
    const found = assignment(name).exec(this.script.text);
    if (!found) throw new Error(`script ${this.script.name} has no parameter ${name}`);
    return found.index + found[0].length;
  }
}

const assignment = (name: string) => new RegExp(`^${name}=`, 'm');

/** The words from a place on, until the line or the list ends: the inverse of `quote` in lib/scripts. */
function words(text: string, start: number): string[] {
  const found: string[] = [];
  let word: string | undefined;
  for (let at = start; at < text.length; at++) {
    const letter = text[at] as string;
    if (letter === "'") {
      const end = text.indexOf("'", at + 1);
      word = (word ?? '') + text.slice(at + 1, end);
      at = end;
    } else if (letter === '\\') {
      word = (word ?? '') + text[++at];
    } else if (letter === ' ' || letter === '\n' || letter === ')') {
      if (word !== undefined) found.push(word);
      word = undefined;
      if (letter !== ' ') return found;
    } else word = (word ?? '') + letter;
  }
  return found;
}
