import { closeSync, constants, mkdirSync, openSync, type Stats, statSync, writeSync } from 'node:fs';
import { type Attributes, type SFTPWrapper, utils } from 'ssh2';

const { STATUS_CODE } = utils.sftp;

/** As much of an SFTP server as an upload needs, on this machine's own files. */
export function serveFiles(sftp: SFTPWrapper): void {
  const answer = (id: number, work: () => void) => {
    try {
      work();
    } catch (error) {
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      sftp.status(id, missing ? STATUS_CODE.NO_SUCH_FILE : STATUS_CODE.FAILURE);
    }
  };
  const done = (id: number, work: () => void) =>
    answer(id, () => {
      work();
      sftp.status(id, STATUS_CODE.OK);
    });
  const stat = (id: number, path: string) => answer(id, () => sftp.attrs(id, attributes(statSync(path))));
  sftp.on('STAT', stat);
  sftp.on('LSTAT', stat);
  sftp.on('MKDIR', (id, path) => done(id, () => mkdirSync(path)));
  sftp.on('OPEN', (id, path) =>
    answer(id, () => {
      const file = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC);
      const handle = Buffer.alloc(4);
      handle.writeUInt32BE(file);
      sftp.handle(id, handle);
    }),
  );
  sftp.on('WRITE', (id, handle, offset, data) =>
    done(id, () => writeSync(handle.readUInt32BE(), data, 0, data.length, offset)),
  );
  sftp.on('FSTAT', (id, handle) => done(id, () => handle.readUInt32BE()));
  sftp.on('SETSTAT', (id) => done(id, () => {}));
  sftp.on('FSETSTAT', (id) => done(id, () => {}));
  sftp.on('CLOSE', (id, handle) => done(id, () => closeSync(handle.readUInt32BE())));
}

function attributes(stats: Stats): Attributes {
  const { mode, uid, gid, size, atimeMs, mtimeMs } = stats;
  return { mode, uid, gid, size, atime: Math.floor(atimeMs / 1000), mtime: Math.floor(mtimeMs / 1000) };
}
