import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.join(__dirname, '../..');

/** What a process has loaded after it imported the library, as it stands in `lib/`. */
function loadedBy(code: string): { files: string[]; result: unknown } {
  const script = `
    const { createJiti } = require('jiti');
    const lunward = createJiti(${JSON.stringify(path.join(root, 'test/x.ts'))})(${JSON.stringify(path.join(root, 'lib/index.ts'))});
    const result = ${code};
    process.stdout.write(JSON.stringify({ files: Object.keys(require.cache), result }));
  `;
  return JSON.parse(execFileSync(process.execPath, ['-e', script], { cwd: root, encoding: 'utf8' }));
}

describe('importing the library', () => {
  const { files, result } = loadedBy('typeof lunward.defineCluster');
  const from = (name: string) => files.filter((file) => file.includes(`/node_modules/${name}/`));

  it('loads the library', () => {
    expect(result).toBe('function');
    expect(from('cdk8s')).not.toEqual([]);
  });

  it.each(['@pulumi/pulumi', '@pulumi/kubernetes', '@pulumi/command', 'cdk8s-plus-28', '@kubernetes/client-node'])(
    'does not load %s',
    (name) => expect(from(name)).toEqual([]),
  );
});
