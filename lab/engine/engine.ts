import { existsSync, lstatSync, mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { build } from './build';
import { Cache } from './cache';
import { downloadPlugin, findInstalledPlugin, findOfficialPulumi } from './official';
import { type Part, type PartName, readDecision, STAND_INS, writeDecision } from './parts';
import { COMMAND_PROVIDER_VERSION, KUBERNETES_PROVIDER_VERSION, PIECES, type Piece, PULUMI_VERSION } from './pieces';
import { type Progress, silent } from './progress';

/** A Pulumi that works on this machine, and the programs of a control plane. */
export class Engine {
  constructor(
    private readonly cache: Cache,
    readonly parts: readonly Part[],
  ) {}

  /** The folder of the cache that everything lies in. */
  get folder(): string {
    return this.cache.folder;
  }

  /** The `pulumi` program. */
  get pulumi(): string {
    return this.part('pulumi').path;
  }

  /** Folders for the PATH. */
  get bin(): readonly string[] {
    return [...new Set([dirname(this.pulumi), this.cache.bin])];
  }

  /** Parts that are ours and not the official ones; say them wherever a result rests on them. */
  get standIns(): readonly string[] {
    return this.parts.filter((part) => part.origin === 'stand-in').map((part) => `${part.name} ${part.version}`);
  }

  /** The path of a program of the control plane, such as `kubectl`. */
  program(name: string): string {
    return join(this.cache.bin, name);
  }

  /** The folder of files that were copied out of a module, such as `gateway-api`. */
  files(name: string): string {
    return join(this.cache.folder, 'files', name);
  }

  /**
   * What to add to the environment of `pulumi` (and of anything that starts
   * it), for state and plugins below `home`. Makes the folder and links the
   * plugins into it, which takes a millisecond: a home per test is fine.
   */
  environment(home: string): Record<string, string> {
    const plugins = join(home, 'plugins');
    mkdirSync(plugins, { recursive: true });
    for (const part of this.parts) {
      // A host that came with its Pulumi lies beside it and is found there.
      if (part.name === 'pulumi' || (part.name === 'language-nodejs' && part.origin !== 'stand-in')) continue;
      link(part, join(plugins, `${part.name}-v${part.version}`));
    }
    return {
      PATH: [dirname(process.execPath), ...this.bin, process.env.PATH ?? ''].join(delimiter),
      PULUMI_HOME: home,
      PULUMI_BACKEND_URL: `file://${home}`,
      PULUMI_CONFIG_PASSPHRASE: 'rehearsal',
      PULUMI_SKIP_UPDATE_CHECK: 'true',
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
      // Whatever else lies on the PATH must not change what a test measures.
      PULUMI_IGNORE_AMBIENT_PLUGINS: 'true',
    };
  }

  private part(name: PartName): Part {
    const part = this.parts.find((candidate) => candidate.name === name);
    if (!part) throw new Error(`the engine in ${this.folder} has no part ${name}: run "npm run engine"`);
    return part;
  }
}

/** The engine that `npm run engine` made; looks only, in milliseconds. */
export async function findEngine(cache = new Cache()): Promise<Engine> {
  const parts = readDecision(cache);
  const missing = parts ? needed(parts).filter((piece) => !cache.has(piece)) : PIECES;
  if (parts && missing.length === 0) return new Engine(cache, parts);
  const found = parts ? `${missing.map((piece) => piece.name).join(', ')} missing there` : 'nothing usable is there';
  throw new Error(`no engine in ${cache.folder} (${found}): run "npm run engine" once, which says how long it takes`);
}

/** Gets an engine: what is there, else what can be downloaded, else what can be built. */
export async function ensureEngine(progress: Progress = silent, cache = new Cache()): Promise<Engine> {
  const known = readDecision(cache);
  if (known && needed(known).every((piece) => cache.has(piece))) return new Engine(cache, known);
  progress.say(`Getting an engine into ${cache.folder}.`);
  const official = await findOfficialPulumi(cache.root);
  if (!official) await build(cache, PIECES.filter(isNamed('pulumi')), progress, { more: true });
  const pulumi: Part = official
    ? { name: 'pulumi', version: official.version, origin: 'official', path: official.path }
    : { name: 'pulumi', version: PULUMI_VERSION, origin: 'built', path: join(cache.bin, 'pulumi') };
  const host: Part = official
    ? { name: 'language-nodejs', version: official.version, origin: 'official', path: dirname(official.path) }
    : {
        name: 'language-nodejs',
        version: PULUMI_VERSION,
        origin: 'stand-in',
        path: join(STAND_INS, 'language-nodejs'),
      };
  const parts = [
    pulumi,
    host,
    (await plugin(cache, pulumi.path, 'kubernetes', KUBERNETES_PROVIDER_VERSION, progress)) ?? builtKubernetes(cache),
    (await plugin(cache, pulumi.path, 'command', COMMAND_PROVIDER_VERSION, progress)) ?? standInCommand(),
  ];
  await build(cache, needed(parts), progress);
  writeDecision(cache, parts);
  return new Engine(cache, parts);
}

async function plugin(
  cache: Cache,
  pulumi: string,
  name: 'kubernetes' | 'command',
  version: string,
  progress: Progress,
): Promise<Part | undefined> {
  const installed = findInstalledPlugin(name, version);
  if (installed) return { name: `resource-${name}`, version, origin: 'official', path: installed };
  progress.say(`Asking pulumi for its ${name} plugin ${version} …`);
  const downloaded = await downloadPlugin(pulumi, join(cache.folder, 'downloaded'), name, version);
  if (downloaded) return { name: `resource-${name}`, version, origin: 'downloaded', path: downloaded };
  progress.say(`It can't be downloaded here.`);
  return undefined;
}

function builtKubernetes(cache: Cache): Part {
  return { name: 'resource-kubernetes', version: KUBERNETES_PROVIDER_VERSION, origin: 'built', path: cache.bin };
}

function standInCommand(): Part {
  const path = join(STAND_INS, 'resource-command');
  return { name: 'resource-command', version: COMMAND_PROVIDER_VERSION, origin: 'stand-in', path };
}

/** The pieces that must be built for these parts. */
function needed(parts: readonly Part[]): readonly Piece[] {
  const built = parts.filter((part) => part.origin === 'built').map((part) => part.name);
  return PIECES.filter(
    (piece) =>
      piece.role === 'control-plane' ||
      (built.includes('pulumi') && piece.name === 'pulumi') ||
      (built.includes('resource-kubernetes') && piece.name === 'pulumi-resource-kubernetes'),
  );
}

function isNamed(name: string): (piece: Piece) => boolean {
  return (piece) => piece.name === name;
}

/** Pulumi takes a plugin's folder only if it is a real one, but what is in it may be a link. */
function link(part: Part, target: string): void {
  mkdirSync(target, { recursive: true });
  for (const name of [`pulumi-${part.name}`, 'PulumiPlugin.yaml']) {
    const [from, to] = [join(part.path, name), join(target, name)];
    if (!existsSync(from)) continue;
    if (lstatSync(to, { throwIfNoEntry: false })?.isSymbolicLink() && readlinkSync(to) === from) continue;
    // Another process may set up the same home: a rename never leaves a gap.
    const draft = `${to}.${process.pid}`;
    rmSync(draft, { force: true });
    symlinkSync(from, draft);
    renameSync(draft, to);
  }
}
