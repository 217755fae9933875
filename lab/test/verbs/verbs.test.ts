import { Command } from 'commander';
import { describe, expect, it, vi } from 'vitest';
import type { Lab } from '../../lab';
import { addVerbs } from '../../verbs/add';

/** A lab that records its calls. */
function notingLab() {
  const calls: unknown[][] = [];
  const note =
    (name: string, result?: unknown) =>
    async (...args: unknown[]) => {
      calls.push([name, ...args]);
      return result ?? '';
    };
  const lab = {
    nas: {
      createLun: note('createLun', { name: 'made' }),
      formatLun: note('formatLun'),
      exportNfs: note('exportNfs'),
    },
    allNodes: [],
    cutLink: note('cutLink'),
    mendLink: note('mendLink'),
    kubectl: note('kubectl'),
    acknowledgements: () => [],
  } as unknown as Lab;
  return { lab, calls };
}

async function run(...args: readonly string[]) {
  const { lab, calls } = notingLab();
  const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  addVerbs(program, async () => lab);
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  try {
    await program.parseAsync(args, { from: 'user' });
    return { calls, said: log.mock.calls.flat().join('\n') };
  } finally {
    log.mockRestore();
  }
}

const IQN = 'iqn.2000-01.com.example:sonarr';

/** The applied objects, the last of each name. */
function applied(calls: readonly unknown[][]): Map<string, { spec?: Record<string, unknown> }> {
  const lists = calls.flatMap(([name, args, stdin]) =>
    name === 'kubectl' && (args as string[])[0] === 'apply' ? [JSON.parse(String(stdin))] : [],
  );
  return new Map(
    lists.flatMap(({ items }) => items).map((item) => [`${item.kind}/${item.metadata.name}`, item] as const),
  );
}

describe('verbs for trying things by hand', () => {
  it('make a LUN, and print it as a description has it', async () => {
    const { calls, said } = await run('lun', IQN, '1', '64Mi');
    expect(calls).toEqual([['createLun', { iqn: IQN, lun: 1, size: '64Mi' }]]);
    expect(said).toContain(`iqn: '${IQN}', lun: 1, size: '64Mi'`);
  });

  it('make a file system on it only where that is asked for', async () => {
    const { calls } = await run('lun', IQN, '1', '64Mi', '--format', 'ext4');
    expect(calls.map(([name]) => name)).toEqual(['createLun', 'formatLun']);
  });

  it.each(['256', '-1', 'one'])('make no LUN %s', async (number) => {
    await expect(run('lun', IQN, '--', number, '64Mi')).rejects.toThrow(/expected a number from 0 to 255/);
  });

  it.each([
    [[], { rootSquash: true }],
    [['--read-only'], { readOnly: true, rootSquash: true }],
    [['--no-root-squash'], { rootSquash: false }],
  ])('export a folder with %j', async (options, expected) => {
    const { calls } = await run('export', '/volume1/media', ...options);
    expect(calls).toEqual([['exportNfs', { path: '/volume1/media', ...expected }]]);
  });

  it('deploy an app on a folder, which is exported, and wait until it is Ready', async () => {
    const { calls, said } = await run('app', 'sonarr', '--nfs', '/volume2/mine');
    expect(calls).toContainEqual(['exportNfs', expect.objectContaining({ path: '/volume2/mine' })]);
    expect(applied(calls).get('PersistentVolume/sonarr-config')?.spec).toMatchObject({
      nfs: { path: '/volume2/mine' },
    });
    expect(applied(calls).has('Deployment/sonarr')).toBe(true);
    expect(calls.at(-1)?.[1]).toEqual(expect.arrayContaining(['rollout', 'status', 'deployment/sonarr']));
    expect(said).toContain('media/sonarr is Ready');
  });

  it('deploy an app on a LUN, which is neither made nor formatted', async () => {
    const { calls } = await run('app', 'sonarr', '--lun', `${IQN},3`);
    expect(applied(calls).get('PersistentVolume/sonarr-config-lun')?.spec).toMatchObject({
      iscsi: { iqn: IQN, lun: 3 },
    });
    expect(calls.map(([name]) => name)).not.toEqual(expect.arrayContaining(['createLun']));
    expect(calls.map(([name]) => name)).not.toEqual(expect.arrayContaining(['formatLun']));
  });

  it('deploy an app where the worked example begins', async () => {
    const { calls } = await run('app', 'jellyfin');
    expect(applied(calls).get('PersistentVolume/jellyfin-config')?.spec).toHaveProperty('nfs');
  });

  it.each([
    [['app', 'soanrr'], /"soanrr".*expected jellyfin, sonarr/],
    [['app', 'sonarr', '--lun', IQN], /expected an IQN and a number/],
    [['app', 'sonarr', '--lun', `${IQN},1`, '--nfs', '/volume2/mine'], /expected one place/],
  ])('refuse %j', async (args, expected) => {
    await expect(run(...args)).rejects.toThrow(expected);
  });

  it.each([
    ['cut', 'cutLink'],
    ['mend', 'mendLink'],
  ])('%s the storage network of a machine', async (verb, method) => {
    const { calls, said } = await run(verb, 'node-a');
    expect(calls).toEqual([[method, 'node-a']]);
    expect(said).toContain('node-a');
  });

  it('print what apps have committed', async () => {
    expect((await run('rows')).said).toBe('No app has committed a row.');
  });
});
