// The floor of a cold start: loads the libraries that the command needs, and a TypeScript file of the description's
// size through the same loader. Nothing of Lunward.
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
