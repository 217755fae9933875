import type { Manifest } from '../core/kubernetes';
import type { EngineRun } from './engine';
import { describeObject } from './object-reference';

interface Diagnostic {
  readonly severity: string;
  readonly message: string;
}

/**
 * The errors of a run of `pulumi … --json`, in the engine's own words, one a line, without the URNs in front of them.
 */
export function errorsOf({ stdout, stderr, code }: EngineRun): string[] {
  const told = diagnosticsOf(stdout)
    .filter(({ severity }) => severity === 'error')
    .map(({ message }) => plain(message));
  const said = told.length > 0 ? told : stderr.split('\n').map(plain);
  // Leaves out messages that only follow from the others.
  const lines = said.filter((line) => line !== '' && !/^(update|preview|refresh) failed$/.test(line));
  const ended = code === undefined ? 'it was killed' : `it ended with ${code} and said nothing`;
  return lines.length > 0 ? [...new Set(lines)] : [ended];
}

/** Whether an update found that an earlier engine was killed in the middle of an operation. */
export function metPending({ stdout }: EngineRun): boolean {
  return diagnosticsOf(stdout).some(({ message }) => /\bpending operations from previous deployment\b/.test(message));
}

/** What a preview (`--json`) would change, one a line: `update Deployment media/sonarr: spec.replicas`. */
export function changesOf({ stdout }: Pick<EngineRun, 'stdout'>): string[] {
  const { steps = [] } = JSON.parse(stdout) as { readonly steps?: readonly Step[] };
  return steps.flatMap(({ op, urn, oldState, newState, detailedDiff }) => {
    if (op === 'same' || op === 'read') return [];
    const { kind, metadata } = newState?.inputs ?? oldState?.inputs ?? {};
    const subject = kind && metadata ? describeObject({ kind, metadata }) : (urn.split('::').at(-1) ?? urn);
    const paths = Object.keys(detailedDiff ?? {});
    return [`${op} ${subject}${paths.length > 0 ? `: ${paths.join(', ')}` : ''}`];
  });
}

interface Step {
  readonly op: string;
  readonly urn: string;
  readonly oldState?: { readonly inputs?: Partial<Manifest> };
  readonly newState?: { readonly inputs?: Partial<Manifest> };
  readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
}

/** An update prints one event a line; a preview prints one object over many lines. */
function diagnosticsOf(stdout: string): readonly Diagnostic[] {
  const whole = parsed(stdout) as { readonly diagnostics?: readonly Diagnostic[] } | undefined;
  if (whole?.diagnostics) return whole.diagnostics;
  return stdout.split('\n').flatMap((line) => {
    const event = parsed(line) as { readonly diagnosticEvent?: Diagnostic } | undefined;
    return event?.diagnosticEvent ?? [];
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function plain(message: string): string {
  return message
    .replace(/<\{%.*?%\}>/g, '')
    .replace(/^error: /, '')
    .trim();
}
