import { describe, expect, it } from 'vitest';
import type { LiveObject } from '../../../lib/kubernetes/cluster-client';
import type { AppContext } from '../../../lib/migration/app-context';
import { ownerOf, ownerRemarks } from '../../../lib/migration/use-cases/owner-of';
import { kubectlOwners } from '../../../lib/owners/registry';
import { resolveApp } from '../../../lib/workload/model';
import { image, share, untyped } from '../../helpers';

const model = resolveApp({ image, config: share('config') }, { name: 'app', namespace: 'media' });

/** Where an app is moved from whose Deployment has this to say of itself. */
function workplace(metadata: LiveObject['metadata'] | undefined): AppContext {
  const client = { read: async () => metadata && { kind: 'Deployment', metadata } };
  return untyped({ client, model, project: { file: 'cluster.ts' }, owners: kubectlOwners, app: 'app' });
}

describe('the owner of an app', () => {
  it.each<[string, LiveObject['metadata'] | undefined, RegExp]>([
    ['is not there', undefined, /^Deployment media\/app is not in the cluster/],
    ['was deleted', { deletionTimestamp: new Date() }, /^Deployment media\/app is Terminating/],
    [
      'is a controller',
      { labels: { 'kapp.k14s.io/app': '1' } },
      /is applied by kapp \(app 1\), which would start it again/,
    ],
    [
      'has only left its name',
      { managedFields: [{ manager: 'kustomize-controller' }] },
      /by manager kustomize-controller of its managedFields.*where that was done: kubectl patch deployment app -n media/,
    ],
  ])('can’t be asked to stop it where it %s', async (_, metadata, words) => {
    const owner = await ownerOf(workplace(metadata));
    expect('subject' in owner && `${owner.subject} ${owner.found}: ${owner.remedy}`).toMatch(words);
  });

  it('is kubectl if a person applied it', async () => {
    const found = workplace({ managedFields: [{ manager: 'kubectl-client-side-apply' }] });
    expect(await ownerOf(found)).toMatchObject({ name: 'kubectl' });
    expect(await ownerRemarks(found)).toEqual([]);
  });

  it('is named without a refusal if it is unknown', async () => {
    const found = workplace({ managedFields: [{ manager: 'keda-operator', subresource: 'scale' }] });
    expect(await ownerOf(found)).toMatchObject({ name: 'kubectl' });
    expect(await ownerRemarks(found)).toEqual([
      expect.stringContaining('"keda-operator" has written to its Deployment'),
    ]);
  });
});
