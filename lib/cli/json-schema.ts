import { z } from 'zod';
import { type AdviceCode, adviceCodes } from '../core/advice-codes';
import type { ErrorCategory } from '../core/error-category';
import { type ErrorCode, errorCodes } from '../core/error-codes';
import { type DeclineCode, declineCodes } from '../scripts/decline-codes';
import { exitCodes } from './exit-codes';
import { JSON_VERSION } from './result';

const keysOf = <Key extends string>(record: Readonly<Record<Key, unknown>>) => Object.keys(record) as [Key, ...Key[]];

const version = z.literal(JSON_VERSION);
const category = z.enum(keysOf<ErrorCategory | 'done'>(exitCodes)).exclude(['done']);
const errorCode = z.enum(keysOf<ErrorCode>(errorCodes));
const advice = z.strictObject({
  code: z.enum(keysOf<AdviceCode>(adviceCodes)),
  subject: z.string(),
  found: z.string(),
  expected: z.string().optional(),
  remedy: z.string().optional(),
  affects: z.strictObject({ node: z.string() }).optional(),
});
const finding = advice.extend({ severity: z.enum(['error', 'warning']), remedy: z.string() });
const appProblem = z.strictObject({ app: z.string(), problem: z.string(), category, code: errorCode });

// Facts of nodes and disks are as scripts report them; what a program decides by is strict.
const facts = z.looseObject({});
const preparedNode = z.looseObject({
  node: z.string(),
  result: z.enum(['changed', 'unchanged', 'declined', 'failed']),
  code: z.enum(keysOf<DeclineCode>(declineCodes)).optional(),
});
const plan = z.looseObject({
  app: z.string(),
  action: z.string().optional(),
  mountPath: z.string().optional(),
  planned: z.union([
    z.strictObject({ refusals: z.array(advice).min(1) }),
    z.strictObject({ done: z.string() }),
    z.looseObject({ digest: z.string(), plan: z.looseObject({ steps: z.array(facts) }) }),
  ]),
  remarks: z.array(z.string()),
  findings: z.array(finding).optional(),
});
const fence = z.looseObject({
  is: z.enum(['in place', 'not needed', 'changing', 'missing', 'different', 'left over', 'unsupported', 'unknown']),
});
const status = z.looseObject({
  app: z.string(),
  live: z.array(facts),
  volumes: z.array(facts),
  lock: facts,
  fence: fence.optional(),
  findings: z.array(finding),
});
const changed = z.strictObject({ app: z.string(), result: z.enum(['changed', 'unchanged']) });

const results = {
  abort: changed,
  discover: z.looseObject({ portal: z.string(), node: z.string(), targets: z.array(facts) }),
  docs: z.strictObject({ file: z.string(), result: z.enum(['changed', 'unchanged']) }),
  doctor: z.strictObject({ nodes: z.record(z.string(), facts), findings: z.array(finding) }),
  format: changed,
  init: z.strictObject({
    folder: z.string(),
    result: z.enum(['changed', 'unchanged']),
    written: z.array(z.string()),
  }),
  migrate: z.array(
    z.strictObject({
      app: z.string(),
      result: z.enum(['unchanged', 'prepared', 'sealed', 'moved']),
      isDown: z.boolean().optional(),
      report: z.string().optional(),
    }),
  ),
  nodes: z.strictObject({ nodes: z.array(preparedNode), findings: z.array(finding) }),
  patch: z.strictObject({
    app: z.string(),
    file: z.string(),
    result: z.enum(['changed', 'unchanged', 'would-change']),
    setting: z.string(),
    value: z.string(),
    was: z.string().optional(),
  }),
  plan: z.array(plan),
  resize: z.strictObject({
    app: z.string(),
    mountPath: z.string(),
    claim: z.string(),
    size: z.string(),
    before: z.string(),
  }),
  restart: z.strictObject({
    app: z.string(),
    checks: z.array(
      z.strictObject({
        claim: z.string(),
        node: z.string(),
        result: z.enum(['changed', 'unchanged']),
        said: z.string(),
      }),
    ),
    pod: z.strictObject({ name: z.string(), node: z.string() }).optional(),
    findings: z.array(finding),
  }),
  retire: changed.extend({
    claims: z.array(z.string()),
    renamed: z.array(z.strictObject({ mountPath: z.string(), first: z.string() })),
  }),
  rollback: z.union([
    z.strictObject({ app: z.string(), result: z.literal('unchanged'), retired: z.array(z.string()) }),
    z.strictObject({
      app: z.string(),
      result: z.literal('changed'),
      isAgain: z.boolean(),
      isDown: z.boolean(),
      live: z.array(z.string()),
      left: z.array(z.string()),
    }),
  ]),
  seal: changed,
  status: z.array(z.union([appProblem, status])),
  synth: z.strictObject({
    folder: z.string(),
    written: z.array(z.string()),
    removed: z.array(z.string()),
    warnings: z.array(z.strictObject({ path: z.string(), message: z.string() })),
  }),
  verify: z.array(z.looseObject({ app: z.string(), claim: z.string(), findings: z.array(finding) })),
  wipe: changed,
} as const;

/** All commands: each takes `--json`. */
export const jsonCommands = Object.keys(results);

const errorDocument = z.strictObject({
  version,
  command: z.string().optional(),
  error: z.strictObject({
    category,
    code: errorCode,
    exitCode: z.int(),
    message: z.string(),
    advice: z.array(advice),
  }),
});

/** Everything that a command prints on stdout with `--json`. */
export const jsonOutput = z.union([
  errorDocument,
  ...Object.entries(results).map(([command, result]) =>
    z.strictObject({ version, command: z.literal(command), result: result as z.ZodType }),
  ),
]);
