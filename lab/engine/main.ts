/** `npm run engine`: gets a working engine, and says where it is and what it is made of. */
import { ensureEngine } from './engine';
import { lines } from './progress';

async function main(): Promise<void> {
  const engine = await ensureEngine(lines());
  const width = Math.max(...engine.parts.map((part) => part.name.length));
  console.log(`engine: ${engine.folder}`);
  for (const part of engine.parts) {
    console.log(`  ${part.name.padEnd(width)}  ${part.version.padEnd(8)}  ${part.origin.padEnd(10)}  ${part.path}`);
  }
  console.log(`  ${'control plane'.padEnd(width)}            ${'built'.padEnd(10)}  ${engine.bin.at(-1)}`);
  if (engine.standIns.length > 0) {
    console.log(
      `Stand-ins of this project take the place of ${engine.standIns.join(' and ')}: the official ones can't be had ` +
        'here. They hold to the contract tests in lab/test/engine, and connect to loopback addresses only.',
    );
  }
}

// An exit that is ordered ends the build's processes and gives the lock back.
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.on(signal, () => process.exit(code));
}

main().catch((error: Error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});
