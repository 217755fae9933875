/** A name or path as code. Characters that would end the code or a table cell are escaped. */
export function code(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').replace(/\|/g, '\\|');
  return line.includes('`') ? `\`\` ${line} \`\`` : `\`${line}\``;
}

/** A table. Its cells are not padded, so that one line of it changes where one thing has changed. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}
