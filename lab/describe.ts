import type { Lab } from './lab';

/** What runs and how to reach it, as text. */
export async function describeLab(lab: Lab): Promise<string> {
  const { accelerator, machines, controlPlane, snapshots, folder } = await lab.status();
  const width = Math.max(...machines.map(({ name }) => name.length));
  return [
    ...machines.map(({ name, address, isRunning, ports }) =>
      [
        name.padEnd(width),
        address.padEnd(15),
        isRunning ? `npm run lab -- ssh ${name}` : 'off',
        isRunning ? `(or port ${ports[22]} of 127.0.0.1)` : '',
      ]
        .join('  ')
        .trimEnd(),
    ),
    '',
    `API server:  ${controlPlane?.server ?? 'none'}`,
    `kubeconfig:  ${controlPlane?.kubeconfig ?? 'none'} (context ${controlPlane?.context ?? 'none'})`,
    `processors:  ${accelerator === 'kvm' ? 'KVM' : 'emulated (KVM does not boot a machine here)'}`,
    `snapshots:   ${snapshots.join(', ') || 'none'}`,
    `all of it:   ${folder}`,
  ].join('\n');
}
