import { renderScript, type Script } from '../script';

/**
 * Wraps a script for a caller that goes by exit codes: it fails if the script declines, with the reason on stderr, or
 * ends without a report.
 */
export function requireDone<Facts>({ text, facts }: Script<Facts>): Script<Facts> {
  return renderScript('node/require-done', { script: text }, facts);
}
