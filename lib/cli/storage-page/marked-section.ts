/** What stands between the two marks in a page, or is put there. */
export const marks = { begin: '<!-- lunward:storage -->', end: '<!-- /lunward:storage -->' };

/** What becomes of a page; or why nothing may be done to it. */
export type Marked =
  | { readonly text: string; readonly isNew: boolean; readonly problem?: undefined }
  | { readonly problem: string };

/** Someone may have moved or written them by hand. */
const mark = /<!--\s*(\/?)lunward:storage\s*-->/g;

/**
 * A page with a section between its marks. All else stays, byte for byte; where there are no marks, they and the section come
 * before what is there.
 */
export function withSection(page: string, section: string): Marked {
  const newline = /^[^\n]*\r\n/.test(page) ? '\r\n' : '\n';
  const between = ['', '', ...section.split('\n'), '', ''].join(newline);
  const found = [...page.matchAll(mark)];
  if (found.length === 0) {
    const at = topOf(page);
    const [above, below] = [page.slice(0, at), page.slice(at)];
    const gap = /[^\n\ufeff]$/.test(above) ? newline : '';
    const block = gap + marks.begin + between + marks.end + newline + (below.trim() ? newline : '');
    return { text: above + block + below, isNew: true };
  }
  const [begin, end] = found;
  if (found.length !== 2 || !begin || !end || begin[1] !== '' || end[1] !== '/') {
    const seen = found.map((one) => `${one[0]} in line ${lineOf(page, one.index)}`).join(', ');
    return { problem: `has ${seen}: expected one ${marks.begin} and one ${marks.end} after it, or neither` };
  }
  return { text: page.slice(0, begin.index + begin[0].length) + between + page.slice(end.index), isNew: false };
}

/** Behind the byte order mark and front matter: nothing reads them anywhere else. */
function topOf(page: string): number {
  return /^\ufeff?(---[ \t]*\r?\n(?=[\w-]+:)(.*\r?\n)*?---[ \t]*(\r?\n|$))?/.exec(page)?.[0].length ?? 0;
}

function lineOf(page: string, index: number): number {
  return page.slice(0, index).split('\n').length;
}
