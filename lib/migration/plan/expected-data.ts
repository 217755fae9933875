import type { Advice } from '../../core/advice';
import { readableBytes } from '../../core/quantity';
import type { ProbedSource } from '../../scripts/copy/probe-source';
import type { ExpectedData } from '../../workload/database-mounts';

const POOL =
  'see that its file system is mounted on the NAS: an unmounted pool exports the empty folder that it belongs on';

/**
 * Refuses a source without the files that every app creates when it runs. The amount of data does not matter: a new app is
 * small, and has its database.
 */
export function missingDataRefusals(
  subject: string,
  { databases, isConfig }: ExpectedData,
  { files, bytes, databases: found }: Pick<ProbedSource, 'files' | 'bytes' | 'databases'>,
): Advice[] {
  if (databases.length > 0) {
    const patterns = databases.map(asPattern);
    if (found.some(({ path }) => patterns.some((pattern) => pattern.test(path)))) return [];
    return [
      {
        code: 'database-missing',
        subject,
        found: `holds ${files} files of ${readableBytes(bytes)} and no database at ${databases.join(' or ')}, where the app has it`,
        remedy: `${POOL}; if the app has its database elsewhere, say so in the description: databases: []`,
      },
    ];
  }
  if (files > 0 || !isConfig) return [];
  return [
    {
      code: 'source-empty',
      subject,
      found: 'holds no file, and the app has its settings there',
      remedy: `${POOL}; if the app has never run, describe the new volume alone, without this generation`,
    },
  ];
}

function asPattern(path: string): RegExp {
  const parts = path.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^/]*')}$`);
}
