import { expect, it } from 'vitest';
import { targetsOfApps } from '../../lib/cli/storage-findings';
import { defineCluster } from '../../lib/cluster';
import { liveCluster } from '../../lib/cluster/live';
import { UnanswerableError, UnreachableError } from '../../lib/core/problems';
import type { ClusterClient } from '../../lib/kubernetes/cluster-client';
import { image, lun, untyped } from '../helpers';

const chap = { ...lun('tv-config'), chapAuthSession: true, secretRef: { name: 'chap' } };
const live = liveCluster(defineCluster({ namespace: 'media', apps: { tv: { image, config: chap } } }));
const findings = (read: () => Promise<unknown>) => targetsOfApps(live, [], [], untyped<ClusterClient>({ read }));

it.each([new UnreachableError('it is starting'), new UnanswerableError('secrets is forbidden')])(
  'credentials that could not be asked for are not said to be missing: %s',
  async (error) => {
    expect(await findings(() => Promise.reject(error))).toEqual([
      expect.objectContaining({
        code: 'cluster-unreachable',
        severity: 'warning',
        found: expect.stringContaining(error.message),
      }),
    ]);
  },
);

it('credentials that are not in the cluster are', async () => {
  expect(await findings(async () => undefined)).toEqual([
    expect.objectContaining({ code: 'chap-secret-unusable', subject: 'App tv', severity: 'error' }),
  ]);
});
