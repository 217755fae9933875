import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Client, SFTPWrapper, Stats } from 'ssh2';
import { type Connection, dial } from './connection';
import type { Logger } from './logger';

/** An asset or an archive, as the engine sends it. */
export interface Source {
  readonly text?: string;
  readonly path?: string;
  readonly uri?: string;
  readonly assets?: unknown;
  readonly hash?: string;
}

export interface CopyToRemote {
  readonly connection: Connection;
  readonly source: Source;
  readonly remotePath: string;
}

export async function copyToRemote(properties: CopyToRemote, logger: Logger): Promise<void> {
  const client = await dial(properties.connection, logger);
  client.on('error', (error) => logger.status(error.message));
  try {
    const remote = new Remote(await openSftp(client));
    const { source, remotePath } = properties;
    if (source.text !== undefined) await copyText(remote, source.text, remotePath);
    else if (source.path !== undefined) await copyPath(remote, source.path, remotePath);
  } finally {
    client.end();
  }
}

function openSftp(client: Client): Promise<SFTPWrapper> {
  return new Promise((resolve, reject) => {
    client.sftp((error, sftp) => (error ? reject(error) : resolve(sftp)));
  });
}

async function copyText(remote: Remote, text: string, target: string): Promise<void> {
  if ((await remote.stat(target))?.isDirectory()) {
    throw new Error(`remote path ${target} is a directory; when using a text asset, remotePath must be a file path`);
  }
  await remote.makeFolders(dirname(target));
  await remote.write(target, text);
}

/**
 * | source | target is a folder | target is absent | target is a file |
 * |--------|--------------------|------------------|------------------|
 * | dir    | target/dir         | target/dir       | error            |
 * | dir/   | contents           | contents         | error            |
 * | file   | target/file        | target           | overwritten      |
 */
async function copyPath(remote: Remote, source: string, target: string): Promise<void> {
  const existing = await remote.stat(target);
  if (!statSync(source).isDirectory()) {
    if (!existing) await remote.makeFolders(dirname(target));
    await remote.upload(source, existing?.isDirectory() ? join(target, basename(source)) : target);
    return;
  }
  if (!existing) await remote.makeFolders(target);
  await copyFolder(remote, source, source.endsWith('/') ? target : join(target, basename(source)));
}

async function copyFolder(remote: Remote, source: string, target: string): Promise<void> {
  const existing = await remote.stat(target);
  if (existing && !existing.isDirectory()) throw new Error(`remote path ${target} exists but is not a directory`);
  if (!existing) await remote.makeFolders(target);
  for (const entry of readdirSync(source)) {
    const [from, to] = [join(source, entry), join(target, entry)];
    if (statSync(from).isDirectory()) await copyFolder(remote, from, to);
    else await remote.upload(from, to);
  }
}

class Remote {
  constructor(private readonly sftp: SFTPWrapper) {}

  async stat(path: string): Promise<Stats | undefined> {
    try {
      return await promisify<string, Stats>(this.sftp.stat.bind(this.sftp))(path);
    } catch (error) {
      const NO_SUCH_FILE = 2;
      if ((error as { code?: unknown }).code === NO_SUCH_FILE) return undefined;
      throw new Error(`failed to stat remote path ${path}: ${(error as Error).message}`);
    }
  }

  async makeFolders(path: string): Promise<void> {
    if (path === '.' || path === '/' || (await this.stat(path))) return;
    await this.makeFolders(dirname(path));
    await promisify<string>(this.sftp.mkdir.bind(this.sftp))(path);
  }

  write(path: string, text: string): Promise<void> {
    return promisify<string, string>(this.sftp.writeFile.bind(this.sftp))(path, text);
  }

  upload(source: string, target: string): Promise<void> {
    return promisify<string, string>(this.sftp.fastPut.bind(this.sftp))(source, target);
  }
}
