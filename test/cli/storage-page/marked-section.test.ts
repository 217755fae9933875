import { describe, expect, it } from 'vitest';
import { marks, withSection } from '../../../lib/cli/storage-page/marked-section';

const { begin, end } = marks;
const block = `${begin}\n\nnew\nsection\n\n${end}`;
const windows = (text: string) => text.replaceAll('\n', '\r\n');

it.each<[string, string, string]>([
  ['an empty page', '', `${block}\n`],
  ['a page', '# Mine\ntext', `${block}\n\n# Mine\ntext`],
  ['a byte order mark', '\ufeff# Mine\n', `\ufeff${block}\n\n# Mine\n`],
  ['front matter', '---\ntitle: Mine\n---\n# Mine\n', `---\ntitle: Mine\n---\n${block}\n\n# Mine\n`],
  ['front matter alone', '---\ntitle: Mine\n---', `---\ntitle: Mine\n---\n${block}\n`],
  ['a line across', '---\n\n# Mine\n\n---\n', `${block}\n\n---\n\n# Mine\n\n---\n`],
  ['lines that end as on Windows', '# Mine\r\ntext\n', `${windows(block)}\r\n\r\n# Mine\r\ntext\n`],
])('puts the section before what is there: %s', (_, page, text) => {
  expect(withSection(page, 'new\nsection')).toEqual({ text, isNew: true });
  expect(withSection(text, 'new\nsection')).toEqual({ text, isNew: false });
});

it.each<[string, string, string]>([
  ['something', `a\n${begin}\nold\n${end}\nb`, `a\n${block}\nb`],
  ['nothing', `a \t\n\n${begin}${end}`, `a \t\n\n${block}`],
  ['marks written otherwise', '<!--lunward:storage-->old<!--  /lunward:storage -->\n', ''],
  ['lines that end as on Windows', `a\r\n${begin}\n${end}\nb\n`, `a\r\n${windows(block)}\nb\n`],
])('writes between the marks, and nowhere else: %s', (_, page, text) => {
  const expected = text || '<!--lunward:storage-->\n\nnew\nsection\n\n<!--  /lunward:storage -->\n';
  expect(withSection(page, 'new\nsection')).toEqual({ text: expected, isNew: false });
});

describe('invalid marks', () => {
  it.each([
    ['only the first', `a\n${begin}\n`, `has ${begin} in line 2: expected one ${begin} and one ${end} after it`],
    ['only the last', end, `has ${end} in line 1: expected`],
    ['the wrong way round', `${end}\n${begin}`, `has ${end} in line 1, ${begin} in line 2: expected`],
    ['twice', `${begin}\n${end}\n${begin}\n${end}`, `${begin} in line 3, ${end} in line 4: expected`],
    ['the first twice', `${begin}\n${begin}`, 'expected one'],
    ['three of them', `${begin}\n${begin}\n${end}`, 'expected one'],
  ])('%s', (_, page, problem) => {
    expect(withSection(page, 'new')).toEqual({ problem: expect.stringContaining(problem) });
  });
});
