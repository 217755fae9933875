import { text } from '../spec/schema';

/** Schema of an image: one that stays the same until the description says another. */
export const imageReference = text(
  'an image with a tag or digest other than "latest", such as "lscr.io/linuxserver/sonarr:4.0.15"; ' +
    'without one the app would change whenever its pod is made anew',
  isPinned,
);

function isPinned(image: string): boolean {
  if (!/^[\w.\-/:@]+$/.test(image) || image.startsWith('/')) {
    return false;
  }
  const [reference = '', digest, ...more] = image.split('@');
  if (digest !== undefined) {
    return more.length === 0 && /^sha256:[0-9a-f]{64}$/.test(digest) && reference !== '';
  }
  // The colon of a registry's port comes before the last slash, that of a tag behind it.
  const tag = /:([\w][\w.-]{0,127})$/.exec(reference.slice(reference.lastIndexOf('/') + 1))?.[1];
  return tag !== undefined && tag !== 'latest';
}
