/** The first line of each file that `synth` writes: by it synth knows its own files again. */
export interface ManifestMark {
  /**
   * Path of the description from the folder of its package.json, or its file name if there is none: the same input gives the same
   * bytes, wherever it is checked out.
   */
  readonly description: string;
  readonly namespace: string;
}

const START = '# Written by "lunward synth" from ';

/** The line, with its end. */
export function markLine({ description, namespace }: ManifestMark): string {
  return `${START}${JSON.stringify(description)} for namespace ${JSON.stringify(namespace)}; edits are overwritten.\n`;
}

/** Who wrote a file of this content, in the words of its mark; `undefined` where it has no mark of ours. */
export function writerOf(content: string): string | undefined {
  const [first = ''] = content.split('\n', 1);
  return first.startsWith(START) ? first.slice(START.length).replace(/;.*$/s, '') : undefined;
}
