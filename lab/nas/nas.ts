import { type Fault, fault } from '../fault';
import { LabMachine } from '../machine';

/** A LUN that the NAS gives out. */
export interface Lun {
  readonly iqn: string;
  /** The number that an initiator sees: the L of H:C:T:L. */
  readonly lun: number;
  /** Name of the thin file behind it. */
  readonly name: string;
}

export interface LunProps {
  readonly iqn: string;
  readonly lun: number;
  /** As a Kubernetes quantity, such as `1Gi`; the file takes space only where it is written. */
  readonly size: string;
  /** @default the last part of the IQN and the number */
  readonly name?: string;
}

export interface NfsExportProps {
  /** Absolute path as clients see it; it is made on the pool. */
  readonly path: string;
  /** @default false */
  readonly readOnly?: boolean;
  /** Whether root on a client is nobody here. @default true, as with every NAS */
  readonly rootSquash?: boolean;
  /** Of the folder, as `uid:gid`. @default 1000:1000 */
  readonly owner?: string;
  /** Of the folder. @default 0755 */
  readonly mode?: string;
  /** The id of the user and group that every client's user is mapped to (all_squash). Default: every user keeps the id that it has. */
  readonly mapsAllTo?: number;
}

/** Credentials of CHAP; the second pair is the target's, with which it proves itself to the initiator. */
export interface ChapProps {
  readonly username: string;
  readonly password: string;
  readonly mutual?: { readonly username: string; readonly password: string };
}

export interface SmbShareProps {
  readonly name: string;
  readonly path: string;
  readonly username: string;
  readonly password: string;
}

export interface Session {
  readonly iqn: string;
  readonly initiator: string;
}

/** Calls of one operation, such as `OP_WRITE` or, of NFS 3, `WRITE`. */
export interface NfsCalls {
  /** Of the client. */
  readonly address: string;
  readonly operation: string;
  readonly count: number;
}

const BALLAST = '/pool/@ballast';

/** The emulated NAS: nfsd, LIO and Samba on a pool of its own, which it gives out again after a restart. */
export class Nas extends LabMachine {
  /** Makes a NAS of a machine that has just booted for the first time. */
  async setUp(): Promise<void> {
    await this.whenUp();
    await this.send('nas/luns.sh');
    await this.script('nas/set-up.sh', []);
  }

  /** Makes a LUN, and its target where it is the first one of it. */
  async createLun({ iqn, lun, size, name = `${iqn.split(':').at(-1)}-${lun}` }: LunProps): Promise<Lun> {
    await this.luns('create', name, size);
    await this.luns('map', iqn, String(lun), name);
    return { iqn, lun, name };
  }

  /** Takes it away, with its data. */
  async deleteLun({ iqn, lun, name }: Lun): Promise<void> {
    await this.luns('unmap', iqn, String(lun));
    await this.luns('delete', name);
  }

  async growLun({ name }: Lun, size: string): Promise<void> {
    await this.luns('grow', name, size);
  }

  /** Makes a file system on a LUN, as one does by hand for a first volume. Nobody may be logged in to it. */
  async formatLun({ name }: Lun, type: string): Promise<void> {
    await this.luns('format', name, type);
  }

  /** A SHA-256 of its size and of all that is on it, without the help of any initiator. */
  async hashLun({ name }: Lun): Promise<string> {
    return (await this.luns('hash', name)).trim();
  }

  /** Notes what every client asks of the NFS server from now on; what it returns ends that, and tells it. */
  async auditNfs(): Promise<() => Promise<NfsCalls[]>> {
    await this.script('nas/audit.sh', ['begin']);
    return async () => {
      const said = await this.script('nas/audit.sh', ['end'], { timeoutSeconds: 300 });
      return said
        .split('\n')
        .filter(Boolean)
        .map((line) => {
          const [address = '', operation = '', count] = line.split(' ');
          return { address, operation, count: Number(count) };
        });
    };
  }

  /** Asks initiators of a target for these credentials; without any it asks nobody. */
  async authenticate(iqn: string, chap?: ChapProps): Promise<void> {
    const lines = chap ? [chap.username, chap.password, chap.mutual?.username ?? '', chap.mutual?.password ?? ''] : [];
    await this.script('nas/luns.sh', ['authenticate', iqn], { stdin: lines.map((line) => `${line}\n`).join('') });
  }

  /** Lets in only initiators of these names; with none, everybody. */
  async allow(iqn: string, initiators: readonly string[]): Promise<void> {
    await this.luns('allow', iqn, ...initiators);
  }

  /** Waits until it gives out again what it gave out before it was started. */
  async whenServing(): Promise<void> {
    await this.run('systemctl', ['start', 'lab-luns.service', 'nfs-server.service']);
  }

  /** Who is logged in where. */
  async sessions(): Promise<Session[]> {
    return (await this.luns('sessions'))
      .split('\n')
      .filter(Boolean)
      .map((line) => {
        const [iqn = '', initiator = ''] = line.split(' ');
        return { iqn, initiator };
      });
  }

  /** Makes a folder and gives it out by NFS, versions 3 to 4.2. */
  async exportNfs(props: NfsExportProps): Promise<void> {
    const { path, readOnly = false, rootSquash = true, mapsAllTo, owner = '1000:1000', mode = '0755' } = props;
    const squash = rootSquash ? 'root_squash' : 'no_root_squash';
    const mapping = mapsAllTo === undefined ? squash : `all_squash,anonuid=${mapsAllTo},anongid=${mapsAllTo}`;
    await this.exports('folder', path, owner, mode);
    await this.exports('nfs', path, `${readOnly ? 'ro' : 'rw'},${mapping}`);
  }

  async unexportNfs(path: string): Promise<void> {
    await this.exports('unexport', path);
  }

  /** Makes a folder and gives it out by Samba to one user. */
  async shareSmb({ name, path, username, password }: SmbShareProps): Promise<void> {
    await this.exports('folder', path, '1000:1000', '0755');
    await this.script('nas/exports.sh', ['smb', name, path, username], { stdin: `${password}\n` });
  }

  /** Makes it answer under another address of the storage network too. */
  async addAddress(address: string): Promise<void> {
    await this.run('ip', ['address', 'replace', `${address}/${address.includes(':') ? 128 : 32}`, 'dev', 'storage']);
  }

  /** Leaves no more than so much room on the pool, for LUNs as for exports. */
  async fillPool(leave = '0'): Promise<Fault> {
    return this.fillDisk('/pool', leave, BALLAST);
  }

  /** Makes a range of sectors of 512 bytes unreadable and unwritable, by default all of them. */
  async failReads({ name }: Lun, range?: { readonly first: number; readonly count: number }): Promise<Fault> {
    const { first, count } = range ?? { first: 0, count: await this.sectorsOf(name) };
    await this.luns('fail', name, String(first), String(count));
    return fault(() => this.luns('heal', name));
  }

  /** Acknowledges writes and forgets them, as a cache does that loses its power. */
  async dropWrites({ name }: Lun): Promise<Fault> {
    await this.luns('drop-writes', name);
    return fault(() => this.luns('heal', name));
  }

  /** Gives out another LUN's data under this one's number. */
  async mapWrongLun({ iqn, lun, name }: Lun, wrong: Lun): Promise<Fault> {
    await this.luns('map', iqn, String(lun), wrong.name);
    return fault(() => this.luns('map', iqn, String(lun), name));
  }

  /** An initiator that Kubernetes knows nothing of: the NAS logs in to itself, under a name of its own. */
  async logInFromOutside(iqn: string): Promise<Fault> {
    return this.leaveSession(iqn, '127.0.0.1');
  }

  private async sectorsOf(name: string): Promise<number> {
    return Number(await this.run('blockdev', ['--getsz', `/dev/mapper/lun-${name}`]));
  }

  private luns(...args: readonly string[]): Promise<string> {
    return this.script('nas/luns.sh', args);
  }

  private exports(...args: readonly string[]): Promise<string> {
    return this.script('nas/exports.sh', args);
  }
}
