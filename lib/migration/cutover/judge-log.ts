import { lockTrouble } from '../../catalog/storage-trouble';
import { UserError } from '../../core/problems';

/**
 * Checks that the log of an app reports no trouble with its storage. "database is locked" is common on a share, and the operator chose to
 * move there, so it is reported and does not fail the check; any other trouble does.
 *
 * @param signs how the app's log reports such trouble
 * @throws UserError with the first line that reports it
 */
export function judgeLog(log: string, signs: readonly RegExp[], isOnShare: boolean): string {
  const lines = log.split('\n').filter((line) => signs.some((sign) => sign.test(line)));
  const isUsual = (line: string) => isOnShare && lockTrouble.test(line);
  const trouble = lines.find((line) => !isUsual(line));
  if (trouble !== undefined)
    throw new UserError(`its log reports storage trouble: "${trouble.trim()}"`, { code: 'storage-trouble-logged' });
  if (lines.length === 0) return 'no storage trouble in its log';
  return `no storage trouble in its log but "${lines[0]?.trim()}" (${lines.length} of that kind), as is usual on a share`;
}
