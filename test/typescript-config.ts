import path from 'node:path';
import ts from 'typescript';

/** A configuration of TypeScript in the root of this checkout, with the files that it includes. @throws Error if it can't be read */
export function typescriptConfig(name: string): ts.ParsedCommandLine {
  const config = ts.getParsedCommandLineOfConfigFile(
    path.join(__dirname, '..', name),
    {},
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
        throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'));
      },
    },
  );
  if (!config) throw new Error(`no ${name}`);
  return config;
}
