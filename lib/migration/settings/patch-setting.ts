import { DOMParser, type Element, onErrorStopParsing, XMLSerializer } from '@xmldom/xmldom';
import type { SettingPatch } from '../../workload/facts';

/** What becomes of a file; or why nothing may be done to it. */
export type Patched =
  | { readonly was: string; readonly text: string; readonly problem?: undefined }
  /** It says already what it is to say, or leaves that to the app. */
  | { readonly was?: undefined; readonly text: string; readonly problem?: undefined }
  | { readonly problem: string };

/** Changes a setting in the text of a file, and nothing else in it, not even white space. */
export function patchSetting(text: string, { element: names, from, to }: SettingPatch): Patched {
  const name = names.at(-1) ?? '';
  const before = parse(text);
  if (typeof before === 'string') return { problem: `is no XML: ${before}` };
  const [found, ...more] = elementsAt(before, names);
  if (more.length > 0) return { problem: `says ${name} ${more.length + 1} times, expected it once` };
  const was = found?.textContent?.trim();
  if (!found || was === undefined || was === to) return { text };
  if (!from.includes(was)) return { problem: `says ${name} "${was}", expected ${[to, ...from].join(' or ')}` };
  found.textContent = to;
  const patched = text.replace(new RegExp(`(<${name}>\\s*)${was}(\\s*</${name}>)`), `$1${to}$2`);
  // Another place that looks the same, such as a comment, must not have been meant.
  const after = parse(patched);
  const isMeant = typeof after !== 'string' && squeezed(after) === squeezed(before);
  return isMeant ? { was, text: patched } : { problem: `says ${name} in a form that is not known` };
}

type Document = ReturnType<DOMParser['parseFromString']>;

function parse(text: string): Document | string {
  try {
    return new DOMParser({ onError: onErrorStopParsing }).parseFromString(text.replace(/^\ufeff/, ''), 'text/xml');
  } catch (error) {
    return (error as Error).message.split('\n')[0] ?? '';
  }
}

function elementsAt(document: Document, [root, ...names]: readonly string[]): Element[] {
  let found = document.documentElement?.tagName === root ? [document.documentElement as Element] : [];
  for (const name of names) {
    found = found.flatMap((parent) =>
      Array.from(parent.childNodes).filter((node): node is Element => node.nodeName === name),
    );
  }
  return found;
}

const squeezed = (document: Document) =>
  new XMLSerializer().serializeToString(document).replace(/>\s+|\s+</g, (end) => end.trim());
