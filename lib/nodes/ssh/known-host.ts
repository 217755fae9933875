import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeTemporaryFolder, removeTemporaryFolder } from '../../cluster/temporary-folder';

/**
 * Gives `use` the options with which ssh accepts this host key and no other, whatever known_hosts say. They are good until
 * it has ended.
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
      // Quoted for spaces; what % begins, ssh would put values in for.
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
