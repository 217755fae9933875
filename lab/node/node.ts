import { type Fault, fault } from '../fault';
import { LabMachine } from '../machine';

const INITIATOR_NAME = '/etc/iscsi/initiatorname.iscsi';
const MACHINE_ID = '/etc/machine-id';
const IDENTITY = [INITIATOR_NAME, MACHINE_ID] as const;

/** An emulated node: Debian with containerd, a kubelet and an iSCSI initiator. */
export class Node extends LabMachine {
  /** Makes a node of a machine that has just booted for the first time, and lets its kubelet join. */
  async setUp(kubeconfig: string): Promise<void> {
    await this.whenUp();
    await this.script('node/set-up.sh', [], { stdin: kubeconfig, timeoutSeconds: 600 });
  }

  async initiatorName(): Promise<string> {
    const text = await this.run('cat', [INITIATOR_NAME]);
    return /^InitiatorName=(.*)$/m.exec(text)?.[1] ?? '';
  }

  /** Takes in the image of a real app, Calibre-Web: too large an image for every lab to begin with. */
  async importCalibreWeb(): Promise<void> {
    const archive = '/opt/payload/images/calibre-web.tar';
    await this.run('ctr', ['--namespace', 'k8s.io', 'images', 'import', '--all-platforms', archive], {
      timeoutSeconds: 600,
    });
  }

  /** Takes in container images from an archive. */
  async importImages(archive: Buffer): Promise<void> {
    await this.run('ctr', ['--namespace', 'k8s.io', 'images', 'import', '--all-platforms', '-'], { stdin: archive });
  }

  /** Makes this node a clone of another one, whose initiator name and machine id it then has. */
  cloneIdentityOf(other: Node): Promise<Fault> {
    return this.clone(other, IDENTITY);
  }

  /** Gives this node the initiator name of another one. */
  cloneInitiatorNameOf(other: Node): Promise<Fault> {
    return this.clone(other, [INITIATOR_NAME]);
  }

  /** A session that nobody ended: logged in by hand, in use by nothing, unknown to Kubernetes. */
  async leaveStaleSession(iqn: string, portal: string): Promise<Fault> {
    return this.leaveSession(iqn, portal);
  }

  /** Takes packages away; a node's package source has them, so that they can be installed again. */
  async removePackages(packages: readonly string[]): Promise<Fault> {
    const apt = (...words: readonly string[]) =>
      this.run('env', ['DEBIAN_FRONTEND=noninteractive', 'apt-get', '--yes', ...words], { timeoutSeconds: 300 });
    await apt('purge', ...packages);
    return fault(() => apt('install', ...packages));
  }

  private async clone(other: Node, files: readonly string[]): Promise<Fault> {
    const [before, after] = await Promise.all([this.readAll(files), other.readAll(files)]);
    await this.writeAll(files, after);
    return fault(() => this.writeAll(files, before));
  }

  private async readAll(files: readonly string[]): Promise<string[]> {
    return Promise.all(files.map((file) => this.run('cat', [file])));
  }

  private async writeAll(files: readonly string[], contents: readonly string[]): Promise<void> {
    for (const [index, file] of files.entries()) {
      await this.write(file, contents[index] ?? '', file === INITIATOR_NAME ? '600' : '444');
    }
    // It has read the name when it started.
    await this.run('systemctl', ['try-restart', 'iscsid.service']);
  }
}
