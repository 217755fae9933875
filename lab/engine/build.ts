import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Cache } from './cache';
import { Go } from './go';
import { withLock } from './lock';
import { type Embed, type Files, type Piece, type Program, TEMPORARY_GIGABYTES } from './pieces';
import { MODULES } from './pins';
import type { Progress } from './progress';

/** Builds what is missing. Interrupted at any point, the next call goes on where this one ended. */
export async function build(
  cache: Cache,
  pieces: readonly Piece[],
  progress: Progress,
  /** `more`: another build follows, which can use Go's caches of this one. */
  options: { readonly more?: boolean } = {},
): Promise<void> {
  const leftovers = !options.more && existsSync(cache.building);
  if (!leftovers && pieces.every((piece) => cache.has(piece))) return;
  await withLock(
    cache.buildLock,
    (pid) => progress.say(`Process ${pid} is building the engine into ${cache.root}; waiting for it.`),
    async () => {
      const missing = pieces.filter((piece) => !cache.has(piece) && !cache.adopt(piece));
      if (missing.length > 0) {
        const go = await Go.find(cache.building);
        announce(missing, progress);
        await buildEach(cache, go, missing, progress);
      }
      if (!options.more) rmSync(cache.building, { recursive: true, force: true });
    },
  );
}

function announce(missing: readonly Piece[], progress: Progress): void {
  const minutes = Math.ceil(missing.reduce((sum, piece) => sum + piece.minutes, 0));
  progress.say(
    `Building ${missing.map((piece) => piece.name).join(', ')} from published Go modules: about ${minutes} ` +
      `minute${minutes === 1 ? '' : 's'} on two cores, the first time only, with up to ${TEMPORARY_GIGABYTES} GB ` +
      'that are removed afterwards. It can be interrupted: the next call goes on where this one ends.',
  );
}

async function buildEach(cache: Cache, go: Go, pieces: readonly Piece[], progress: Progress): Promise<void> {
  const work = join(cache.building, 'work');
  rmSync(work, { recursive: true, force: true });
  for (const piece of pieces) {
    await progress.step(`${piece.name} ${piece.version}`, async () => {
      const module = copyModule(piece, join(work, piece.name));
      const finished = piece.kind === 'program' ? await compile(go, piece, module) : await copy(go, piece, module);
      cache.put(piece, finished);
    });
  }
}

/** The checkout stays as it is: generated files and half-made ones live in the copy. */
function copyModule(piece: Piece, folder: string): string {
  const module = join(folder, 'module');
  mkdirSync(module, { recursive: true });
  cpSync(join(MODULES, piece.module), module, { recursive: true });
  return module;
}

async function compile(go: Go, piece: Program, module: string): Promise<string> {
  for (const embed of piece.embeds ?? []) await fetchEmbed(go, embed, module);
  const output = join(module, '..', piece.name);
  const variables = Object.entries(piece.variables ?? {}).map(([name, value]) => `-X ${name}=${value}`);
  await go.run(module, [
    'build',
    ...(piece.tags ? ['-tags', piece.tags] : []),
    '-ldflags',
    ['-s', '-w', ...variables].join(' '),
    '-o',
    output,
    piece.package,
  ]);
  return output;
}

async function fetchEmbed(go: Go, embed: Embed, module: string): Promise<void> {
  const source = join(await download(go, embed.from, module), embed.path);
  const target = join(module, basename(embed.path));
  if (embed.setVersion === undefined) {
    cpSync(source, target);
  } else {
    const schema: unknown = JSON.parse(readFileSync(source, 'utf8'));
    writeFileSync(target, JSON.stringify({ ...(schema as object), version: embed.setVersion }));
  }
}

async function copy(go: Go, piece: Files, module: string): Promise<string> {
  const source = await download(go, piece.from, module);
  const output = join(module, '..', piece.name);
  mkdirSync(output, { recursive: true });
  for (const path of piece.paths) {
    const target = join(output, basename(path));
    cpSync(join(source, path), target);
    // Files of a module cache are read-only, and a copy keeps that.
    chmodSync(target, 0o644);
  }
  return output;
}

/** Returns the folder of a module's files, checked against the committed `go.sum`. */
async function download(go: Go, path: string, module: string): Promise<string> {
  const answer = JSON.parse(await go.run(module, ['mod', 'download', '-json', path])) as { Dir: string };
  return answer.Dir;
}
