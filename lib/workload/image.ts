import { text } from '../core/schema';

/** Schema of an image reference that stays the same until the description changes. */
export const imageReference = text(
  'an image with a tag or digest other than "latest", such as "lscr.io/linuxserver/sonarr:4.0.15"; ' +
    'without one the app would change whenever its pod is created again',
  isPinned,
);

// The grammar of github.com/distribution/reference: [registry[:port]/]path[:tag][@digest].
const reference =
  /^(?:(?:[A-Za-z0-9.-]+(?::\d+)?|\[[\da-fA-F:]+\](?::\d+)?)\/)?[a-z0-9]+(?:(?:\.|_{1,2}|-+|\/)[a-z0-9]+)*(?::(\w[\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/;

function isPinned(image: string): boolean {
  const [, tag, digest] = reference.exec(image) ?? [];
  return digest !== undefined || (tag !== undefined && tag !== 'latest');
}
