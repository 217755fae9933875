import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { isAtLeast } from './go';
import { PULUMI_VERSION } from './pieces';
import { run } from './run';

/** A plugin's folder, as Pulumi names it below its home. */
export function pluginFolder(name: string, version: string): string {
  return `resource-${name}-v${version}`;
}

export interface OfficialPulumi {
  readonly path: string;
  readonly version: string;
}

/** Identifies the program on the PATH without running it, to notice another one. */
export function pulumiOnPath(cacheRoot: string): string {
  const path = findPulumi(cacheRoot);
  if (!path) return '';
  const { mtimeMs, size } = statSync(path);
  return `${path} ${size} ${mtimeMs}`;
}

/** The `pulumi` on the PATH when its Node.js language host lies beside it and it is new enough. */
export async function findOfficialPulumi(cacheRoot: string): Promise<OfficialPulumi | undefined> {
  const path = findPulumi(cacheRoot);
  if (!path || !existsSync(join(dirname(path), 'pulumi-language-nodejs'))) return undefined;
  const answer = await run(path, ['version'], { timeoutSeconds: 20 }).catch(() => undefined);
  const version = answer?.stdout.trim().replace(/^v/, '') ?? '';
  return answer?.code === 0 && isAtLeast(version, PULUMI_VERSION) ? { path, version } : undefined;
}

/** The folder of a plugin that the user's own Pulumi has. */
export function findInstalledPlugin(name: string, version: string): string | undefined {
  const home = process.env.PULUMI_HOME || join(homedir(), '.pulumi');
  return usable(join(home, 'plugins', pluginFolder(name, version)));
}

/** Lets Pulumi download a plugin below `home`; without a way to the outside that fails, and nothing is returned. */
export async function downloadPlugin(
  pulumi: string,
  home: string,
  name: string,
  version: string,
): Promise<string | undefined> {
  const folder = join(home, 'plugins', pluginFolder(name, version));
  if (!usable(folder)) {
    await run(pulumi, ['plugin', 'install', 'resource', name, `v${version}`], {
      env: { ...process.env, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: 'true' },
      timeoutSeconds: 300,
    }).catch(() => undefined);
  }
  return usable(folder);
}

/** Pulumi leaves a `.partial` mark beside a plugin whose installation did not end. */
function usable(folder: string): string | undefined {
  const whole = existsSync(folder) && !existsSync(`${folder}.partial`);
  return whole && readdirSync(folder).some((name) => name.startsWith('pulumi-resource-')) ? folder : undefined;
}

/** The one in our cache is on the PATH of whatever runs inside an engine's environment: it is not the user's. */
function findPulumi(cacheRoot: string): string | undefined {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const candidate = join(folder, 'pulumi');
    if (folder === '' || !existsSync(candidate)) continue;
    const path = realpathSync(candidate);
    if (!path.startsWith(join(cacheRoot, '/'))) return path;
  }
  return undefined;
}
