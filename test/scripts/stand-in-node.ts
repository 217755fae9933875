import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { PreparedNode } from '../../lib/scripts/node/prepare-node';
import { type Report, readReport } from '../../lib/scripts/report';
import type { Script } from '../../lib/scripts/script';

const standIn = join(__dirname, 'stand-ins', 'program.sh');

/** What scripts use of every system, and nothing that a node may lack. */
const tools = [
  'bash',
  'cat',
  'cp',
  'env',
  'grep',
  'head',
  'mkdir',
  'mv',
  'rm',
  'sed',
  'sleep',
  'sync',
  'tail',
  'touch',
];

/** How a script of a node ended. */
export interface ScriptRun {
  readonly report: Report<PreparedNode> | undefined;
  readonly code: number | null;
  readonly stderr: string;
}

/** A folder that a script takes for a node: files below `root`, stand-ins on the PATH, and what these remember. */
export class StandInNode {
  readonly folder = mkdtempSync(join(tmpdir(), 'lunward-node-'));
  readonly root = join(this.folder, 'root');
  private readonly bin = join(this.folder, 'bin');
  private readonly state = join(this.folder, 'state');

  /** @param programs stand-ins that are there from the beginning */
  constructor(osRelease: string, programs: readonly string[]) {
    for (const folder of [this.bin, this.state, join(this.root, 'run')]) mkdirSync(folder, { recursive: true });
    for (const tool of tools) symlinkSync(which(tool), join(this.bin, tool));
    for (const program of [...programs, 'systemctl', 'flock', 'lslocks']) this.add(program);
    this.write('etc/os-release', osRelease);
  }

  add(program: string): void {
    copyFileSync(standIn, join(this.bin, program));
    chmodSync(join(this.bin, program), 0o755);
  }

  /** Writes a file of the node. */
  write(path: string, content = ''): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  read(path: string): string {
    const file = join(this.root, path);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** Makes something so that a stand-in goes by. */
  set(name: string, content = ''): void {
    writeFileSync(join(this.state, name), content);
  }

  unset(name: string): void {
    rmSync(join(this.state, name));
  }

  has(name: string): boolean {
    return existsSync(join(this.state, name));
  }

  /** What changed something since the last time, or was to. */
  calls(): string[] {
    const file = join(this.state, 'calls');
    const calls = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
    rmSync(file, { force: true });
    return calls;
  }

  /** Of whoever runs something on it. */
  get environment() {
    return { PATH: this.bin, BIN: this.bin, STATE: this.state, ROOT: this.root };
  }

  /** Lets a script in that comes as it would be sent to a real node, by a shell that wants to become root. */
  letIn(): void {
    symlinkSync(which('sh'), join(this.bin, 'sh'));
    this.add('id');
    copyFileSync(join(dirname(standIn), 'unshare.sh'), join(this.bin, 'unshare'));
    chmodSync(join(this.bin, 'unshare'), 0o755);
  }

  run(script: Script<PreparedNode>): ScriptRun {
    // The machine's own programs must not count as the node's.
    const text = script.text.replace(/PATH="\$PATH:[^"]*"/g, () => 'PATH="$PATH" SCRIPT=$$');
    if (text === script.text) throw new Error('the script sets its PATH in another way than this expects');
    const ended: SpawnSyncReturns<string> = spawnSync(join(this.bin, 'bash'), ['-s'], {
      input: text,
      encoding: 'utf8',
      env: this.environment,
    });
    return { report: readReport(ended.stdout, script.facts), code: ended.status, stderr: ended.stderr };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

function which(program: string): string {
  const found = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
  if (!found) throw new Error(`no ${program} on the PATH, which stand-ins of a node want`);
  return found;
}
