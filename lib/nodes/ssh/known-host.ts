import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeTemporaryFolder, removeTemporaryFolder } from '../../cluster/temporary-folder';

/**
 * Calls `use` with options that make ssh accept only this host key, regardless of known_hosts. The options are valid
 * until `use` ends.
 */
export async function withKnownHost<T>(
  node: string,
  hostKey: string,
  use: (options: readonly string[]) => Promise<T>,
): Promise<T> {
  const folder = makeTemporaryFolder();
  try {
    const file = join(folder, 'known_hosts');
    await writeFile(file, `${node} ${hostKey}\n`, { mode: 0o600 });
    return await use([
      // Quoted because of spaces; ssh would expand what starts with %.
      `UserKnownHostsFile="${file.replaceAll('%', '%%')}"`,
      'GlobalKnownHostsFile=/dev/null',
      `HostKeyAlias=${node}`,
      'UpdateHostKeys=no',
      'CheckHostIP=no',
      'VerifyHostKeyDNS=no',
    ]);
  } finally {
    removeTemporaryFolder(folder);
  }
}
