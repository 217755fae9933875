// The floor of a cold start: the libraries that the command needs, and a TypeScript file of the description's size
// transpiled by the same loader. Nothing of lunward.
import path from 'node:path';
import 'cdk8s';
import 'commander';
import { createJiti } from 'jiti';
import 'yaml';
import 'zod';

const file = path.resolve(process.argv[2] as string);
createJiti(file, { moduleCache: false })
  .import(file)
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
