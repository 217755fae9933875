import { expect, it } from 'vitest';
import { nextStep } from '../../../lib/migration/use-cases/next-step';
import type { Status } from '../../../lib/migration/use-cases/status';
import type { MediaAppProps } from '../../../lib/workload';
import { resolveApp } from '../../../lib/workload/model';
import { image, lun, share } from '../../helpers';
import { entry } from '../facts';

const running = { name: 'app-1', node: 'node-a', phase: 'Running', ready: true, claims: {} };
const on = (claim: string, before?: string): Status['live'] => [
  { mountPath: '/config', claim, ...(before && { before }), by: before ? 'journal' : 'description' },
];
const next = (config: MediaAppProps['config'], more: Partial<Status>) =>
  nextStep(
    { app: 'app', live: [], pods: [running], lock: { differences: [] }, volumes: [], ...more },
    resolveApp({ image, config }, { name: 'app', namespace: 'media' }),
  );
const both = [share('nfs'), lun('lun')] as const;
const volume = (state: Parameters<typeof entry>[0]) => [{ volume: 'lun', latest: entry(state), work: '' }];
const cutover = { phase: 'stopping' as const, at: '', replicas: 1, volumes: [] };

it.each<[string, MediaAppProps['config'], Partial<Status>, RegExp | undefined]>([
  ['that is changing its volumes', both, { live: on('nfs'), cutover }, undefined],
  ['of which a copy is under way', both, { live: on('nfs'), volumes: volume('building') }, /plan app/],
  ['of which no pod runs', both, { live: on('nfs'), pods: [] }, /no pod.*plan app.*doctor/],
  [
    'of which all pods have ended',
    both,
    { live: on('nfs'), pods: [{ ...running, phase: 'Failed', ready: false }] },
    /no pod/,
  ],
  ['that is not ready', both, { live: on('nfs'), pods: [{ ...running, ready: false }] }, /doctor/],
  ['that can be moved', both, { live: on('nfs') }, /plan app.* from nfs to lun/],
  [
    'that can be moved, of which pods are not known',
    both,
    { live: on('nfs'), pods: 'why' },
    /plan app.* from nfs to lun/,
  ],
  ['on a share', share('nfs'), { live: on('nfs') }, /after nfs.*plan app/],
  ['that was moved', both, { live: on('lun', 'nfs'), volumes: volume('sealed') }, /retire app.* nfs /],
  [
    'that was rolled back',
    both,
    { live: on('nfs', 'lun'), volumes: volume('rolled-back') },
    /^(?!.*shows the move).*"lunward rollback app" returns to lun.*a new volume after lun/,
  ],
  [
    'that was started on its old volume before it ran on the new one',
    both,
    { live: on('nfs'), volumes: volume('rolled-back') },
    /^to move again, describe a new volume after lun/,
  ],
  [
    'that was rolled back, and has another volume since',
    [...both, lun('next')],
    { live: on('nfs', 'lun'), volumes: volume('rolled-back') },
    /plan app.* from nfs to next/,
  ],
  ['that can be moved to what was wiped', both, { live: on('nfs'), volumes: volume('wiped') }, /from nfs to lun/],
  ['that is where it is to be', lun('lun'), { live: on('lun') }, /^none$/],
])('for an app %s', (_, config, more, expected) => {
  const said = next(config, more);
  if (expected) expect(said).toMatch(expected);
  else expect(said).toBeUndefined();
});
