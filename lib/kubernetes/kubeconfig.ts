import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { UserError } from '../core/problems';

/**
 * Checks that the kubeconfig exists and has the context, so that a typing error is reported in one line and not in a
 * provider's stack trace. Files are found as kubectl finds them: `KUBECONFIG`, else `~/.kube/config`.
 *
 * @param context context of the kubeconfig. Default: the current one
 * @throws UserError that says what is missing
 */
export function checkKubeconfig(context: string | undefined, environment: NodeJS.ProcessEnv = process.env): void {
  const named = environment.KUBECONFIG?.split(path.delimiter).filter((file) => file !== '');
  const files = named?.length ? named : [path.join(homedir(), '.kube', 'config')];
  const found = files.filter((file) => existsSync(file));
  if (found.length === 0) {
    throw new UserError(
      `There is no kubeconfig at ${files.join(' or ')}: set KUBECONFIG to the file that kubectl uses for this cluster`,
      { category: 'usage', code: 'kubeconfig-unusable' },
    );
  }
  const contents = found.map((file) => readKubeconfig(file));
  const contexts = contents.flatMap((content) => content.contexts ?? []).map(({ name }) => name);
  const wanted = context ?? contents.find((content) => content['current-context'])?.['current-context'];
  if (wanted === undefined || !contexts.includes(wanted)) {
    const expected = contexts.length > 0 ? `it has ${contexts.map((name) => `"${name}"`).join(', ')}` : 'it has none';
    const missing = wanted === undefined ? 'no current context' : `no context "${wanted}"`;
    throw new UserError(
      `The kubeconfig ${found.join(', ')} has ${missing}; ${expected}. Name one of them as \`context\` in the description`,
      { category: 'usage', code: 'kubeconfig-unusable' },
    );
  }
}

interface Kubeconfig {
  readonly contexts?: readonly { readonly name: string }[];
  readonly 'current-context'?: string;
}

function readKubeconfig(file: string): Kubeconfig {
  try {
    return (parse(readFileSync(file, 'utf8')) as Kubeconfig | null) ?? {};
  } catch (error) {
    throw new UserError(`The kubeconfig ${file} can't be read: ${(error as Error).message}`, {
      cause: error,
      category: 'usage',
      code: 'kubeconfig-unusable',
    });
  }
}
