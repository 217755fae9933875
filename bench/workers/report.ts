import { writeFileSync } from 'node:fs';
import path from 'node:path';

// Loaded before a measured program (`node --require`), because memory is the one figure that can't be seen from
// outside.
const folder = process.env.BENCH_MEMORY;
if (folder) {
  process.on('exit', () => {
    writeFileSync(path.join(folder, String(process.pid)), String(process.resourceUsage().maxRSS));
  });
}
