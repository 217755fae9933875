import { lockTrouble } from '../../catalog/storage-trouble';
import { UserError } from '../../core/problems';

/**
 * That the log of an app tells of no trouble with its storage, in words. Databases are told to be locked on a share now and then, whatever
 * it is: one is moved to is what somebody asked for, so that is said, and all else counts.
 *
 * @param signs what an app says of such trouble
 * @throws UserError with the first line that tells of it
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
