import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readReport } from '../../lib/scripts/report';
import type { Script } from '../../lib/scripts/script';

const standIn = join(__dirname, 'stand-ins', 'initiator.sh');

/** Of a session: how the kernel shows it. */
export interface ShownSession {
  readonly iqn: string;
  readonly address: string;
  readonly port?: number;
  /** What it shows. @default [1] */
  readonly luns?: readonly number[];
}

/** A folder that scripts take for a node with an iSCSI initiator: its sessions, records and notes are files below `root`. */
export class StandInInitiator {
  readonly folder = mkdtempSync(join(tmpdir(), 'lunward-initiator-'));
  readonly root = join(this.folder, 'root');
  private readonly bin = join(this.folder, 'bin');
  private readonly state = join(this.folder, 'state');

  constructor() {
    const below = [
      'etc/iscsi/nodes',
      'run',
      'sys/class/iscsi_session',
      'sys/class/iscsi_connection',
      'sys/devices',
      'proc',
    ];
    for (const folder of [this.bin, this.state, ...below.map((one) => join(this.root, one))]) {
      mkdirSync(folder, { recursive: true });
    }
    writeFileSync(join(this.root, 'etc/iscsi/initiatorname.iscsi'), 'InitiatorName=iqn.2000-01.com.example:node-a\n');
    writeFileSync(join(this.root, 'proc/swaps'), '');
    for (const program of ['iscsiadm', 'mount', 'umount', 'udevadm', 'lsblk', 'blkid', 'findmnt', 'wipefs']) {
      copyFileSync(standIn, join(this.bin, program));
      chmodSync(join(this.bin, program), 0o755);
    }
  }

  /** Makes something so that a stand-in goes by. */
  set(name: string, content = ''): void {
    writeFileSync(join(this.state, name), content);
  }

  unset(name: string): void {
    rmSync(join(this.state, name));
  }

  /** A session that somebody else has opened. */
  hasSession({ iqn, address, port = 3260, luns = [1] }: ShownSession): void {
    mkdirSync(join(this.root, 'etc/iscsi/nodes', iqn, `${address},${port},1`), { recursive: true });
    this.asKernel('has_session', [iqn, address, String(port), ...luns.map(String)]);
  }

  /** Something is built on a disk. */
  hold(disk: string, holder: string): void {
    mkdirSync(join(this.root, 'sys/block', disk, 'holders', holder));
  }

  /** A loop device reads a disk. */
  loop(disk: string, loop: string): void {
    const folder = join(this.root, 'sys/block', loop, 'loop');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'backing_file'), `/dev/${disk}\n`);
  }

  run<Facts>(script: Script<Facts>) {
    // Paths of the node, and a way to end the script from without.
    const text = script.text
      .replace(
        /(?<![\w/])\/(sys|etc\/iscsi|var\/lib\/iscsi|run\/lunward|proc\/swaps)\b/g,
        (path) => `${this.root}${path}`,
      )
      .replace(/PATH="\$PATH:[^"]*"/g, () => 'PATH="$PATH" SCRIPT=$$');
    const { status, stdout, stderr } = spawnSync('bash', ['-s'], {
      input: text,
      encoding: 'utf8',
      env: this.environment,
    });
    return { report: readReport(stdout, script.facts), code: status, stderr };
  }

  /** Everything that a look may leave behind: sessions, records, notes. */
  traces(): string[] {
    const below = ['sys/class/iscsi_session', 'etc/iscsi/nodes', 'run/lunward'];
    return below.flatMap((folder) => {
      const path = join(this.root, folder);
      return existsSync(path) ? readdirSync(path).map((name) => `${folder}/${name}`) : [];
    });
  }

  /** What was mounted for a script that was killed is gone with it. */
  forgetRecords(): void {
    const nodes = join(this.root, 'etc/iscsi/nodes');
    rmSync(nodes, { recursive: true });
    renameSync(`${nodes}.under`, nodes);
  }

  /** What iscsiadm was called with since the last time. */
  calls(): string[] {
    const file = join(this.state, 'calls');
    const calls = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
    rmSync(file, { force: true });
    return calls;
  }

  /** The LUNs that the kernel was asked for since the last time, with the host. */
  scans(): string[] {
    const file = join(this.state, 'scans');
    const scans = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
    rmSync(file, { force: true });
    return scans;
  }

  /** The LUNs that sessions show. */
  shown(): string[] {
    return this.asKernel('shown_luns')
      .split('\n')
      .filter((line) => line !== '');
  }

  private asKernel(does: string, args: readonly string[] = []): string {
    const text = `source <(sed '/^kernel$/,$d' "$0"); ${does} "$@"`;
    const { status, stdout, stderr } = spawnSync('bash', ['-c', text, standIn, ...args], {
      encoding: 'utf8',
      env: this.environment,
    });
    if (status !== 0) throw new Error(stderr);
    return stdout;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private get environment() {
    return { PATH: `${this.bin}:${process.env.PATH}`, STATE: this.state, ROOT: this.root };
  }
}
