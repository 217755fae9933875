import { jsonOutput } from '../../lib/cli/json-schema';

/** The result in what a command has printed with --json. @throws ZodError if that is not what the schema says */
export function resultIn(said: string): unknown {
  const document = jsonOutput.parse(JSON.parse(said));
  return 'result' in document ? document.result : undefined;
}
