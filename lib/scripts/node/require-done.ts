import { renderScript, type Script } from '../script';

/**
 * The same script for somebody who goes by exit codes: it fails where the script declines, with the reason on stderr, or
 * ends without a report.
 */
export function requireDone<Facts>({ text, facts }: Script<Facts>): Script<Facts> {
  return renderScript('node/require-done', { script: text }, facts);
}
