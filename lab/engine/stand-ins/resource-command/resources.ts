import { type Connection, normalize } from './connection';
import { type CopyToRemote, copyToRemote } from './copy-to-remote';
import { type LocalCommand, runLocally } from './local-command';
import type { Logger } from './logger';
import { type RemoteCommand, runRemotely } from './remote-command';
import { isEqual, isObject, isUnknown, reveal, type Values } from './values';

export interface Problem {
  readonly property: string;
  readonly reason: string;
}

/** A type of resource. The values it is given hold no marks of secrets, and nothing unknown. */
export interface Resource {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** What only running it can tell: unknown in a preview that would run it. */
  readonly outputs: readonly string[];
  problems?(inputs: Values): Problem[];
  create(inputs: Values, logger: Logger): Promise<Values>;
  update(inputs: Values, state: Values, logger: Logger): Promise<Values>;
  delete(state: Values, logger: Logger): Promise<void>;
}

type Run = (command: string, properties: Values, logger: Logger) => Promise<Values>;

/** The life of a command is the same wherever it runs. */
function commandResource(required: readonly string[], optional: readonly string[], run: Run): Resource {
  return {
    required,
    optional: ['create', 'update', 'delete', 'triggers', 'stdin', 'logging', 'environment', ...optional],
    outputs: ['stdout', 'stderr'],
    problems: (inputs) => [...textProblems(inputs), ...loggingProblems(inputs)],
    async create(inputs, logger) {
      return inputs.create === undefined ? { stdout: '', stderr: '' } : run(inputs.create as string, inputs, logger);
    },
    async update(inputs, state, logger) {
      const previous = { stdout: state.stdout, stderr: state.stderr };
      const command = (inputs.update ?? inputs.create) as string | undefined;
      return command === undefined ? previous : run(command, { ...inputs, ...previous }, logger);
    },
    async delete(state, logger) {
      if (state.delete !== undefined) await run(state.delete as string, state, logger);
    },
  };
}

const copy: Resource = {
  required: ['connection', 'source', 'remotePath'],
  optional: ['triggers'],
  outputs: [],
  problems: ({ source }) => (source === undefined ? [] : sourceProblems(source)),
  async create(inputs, logger) {
    await copyToRemote(inputs as unknown as CopyToRemote, logger);
    return {};
  },
  async update(inputs, state, logger) {
    const hash = (values: Values) => (isObject(values.source) ? values.source.hash : undefined);
    const moved = inputs.remotePath !== state.remotePath || hash(inputs) !== hash(state);
    if (moved) await copyToRemote(inputs as unknown as CopyToRemote, logger);
    return {};
  },
  async delete() {},
};

export const RESOURCES: Readonly<Record<string, Resource>> = {
  'command:remote:Command': commandResource(['connection'], ['addPreviousOutputInEnv'], (command, properties, logger) =>
    runRemotely(command, properties as unknown as RemoteCommand & { connection: Connection }, logger),
  ),
  'command:local:Command': commandResource(
    [],
    ['interpreter', 'dir', 'assetPaths', 'archivePaths', 'addPreviousOutputInEnv'],
    (command, properties, logger) => runLocally(command, properties as LocalCommand, logger),
  ),
  'command:remote:CopyToRemote': copy,
};

/** Fills in defaults, marks secrets and lists every problem at once. */
export function check(resource: Resource, inputs: Values): { inputs: Values; problems: Problem[] } {
  const problems: Problem[] = [];
  const allowed = [...resource.required, ...resource.optional];
  for (const name of Object.keys(inputs)) {
    // Properties that the engine adds for itself begin so.
    if (!allowed.includes(name) && name !== 'version' && !name.startsWith('__')) {
      problems.push({ property: name, reason: `is not among the inputs: ${allowed.join(', ')}` });
    }
  }
  for (const name of resource.required) {
    if (inputs[name] === undefined) problems.push({ property: name, reason: 'is required' });
  }
  const connection = reveal(inputs.connection);
  if (isObject(connection) && connection.host === undefined) {
    problems.push({ property: 'connection.host', reason: 'is required' });
  }
  problems.push(...(resource.problems?.(reveal(inputs) as Values) ?? []));
  const filled = inputs.connection === undefined ? inputs : { ...inputs, connection: normalize(inputs.connection) };
  return { inputs: filled, problems };
}

/** Names of the inputs that differ. */
export function changedInputs(resource: Resource, before: Values, after: Values): string[] {
  return [...resource.required, ...resource.optional].filter((name) => !isEqual(before[name], after[name]));
}

function textProblems(inputs: Values): Problem[] {
  return ['create', 'update', 'delete', 'stdin', 'dir'].flatMap((property) => {
    const value = inputs[property];
    return value === undefined || typeof value === 'string'
      ? []
      : [{ property, reason: `must be a string, got ${typeof value}` }];
  });
}

function loggingProblems({ logging }: Values): Problem[] {
  const values = ['stdout', 'stderr', 'stdoutAndStderr', 'none'];
  if (logging === undefined || isUnknown(logging) || values.includes(logging as string)) return [];
  return [{ property: 'logging', reason: `must be one of ${values.join(', ')}, got ${JSON.stringify(logging)}` }];
}

function sourceProblems(source: unknown): Problem[] {
  if (isUnknown(source)) return [];
  if (!isObject(source)) return [{ property: 'asset', reason: 'either asset or archive must be set' }];
  if (source.path !== undefined || source.text !== undefined) return [];
  return [{ property: 'asset', reason: 'must be a path-based asset or archive or a text asset' }];
}
