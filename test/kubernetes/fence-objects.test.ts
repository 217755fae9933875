import { describe, expect, it } from 'vitest';
import { type FenceProps, fenceObjects, fenceRefs } from '../../lib/kubernetes/fence-objects';

const props: FenceProps = {
  app: 'jellyfin',
  namespace: 'media',
  claims: ['jellyfin-config'],
  nfs: [{ server: '192.0.2.200', path: '/volume2/kube-nfs/v/jellyfin-config' }],
  message: 'jellyfin has moved',
  workloads: false,
};
const messageOf = (more: Partial<FenceProps>) =>
  (fenceObjects({ ...props, ...more }).policy.spec as { validations: [{ message: string }] }).validations[0].message;

describe('a fence', () => {
  it('has names that are unique to the app', () => {
    expect(fenceRefs({ namespace: 'media', app: 'jellyfin' }).policy.metadata.name).toBe('lunward-media.jellyfin');
    const names = [
      { namespace: 'a', app: 'b-c' },
      { namespace: 'a-b', app: 'c' },
    ].map((app) => fenceRefs(app).binding.metadata.name);
    expect(new Set(names).size).toBe(2);
  });

  it('is bound to its namespace, and to its policy', () => {
    const { policy, binding } = fenceObjects(props);
    expect(binding.spec).toEqual({
      policyName: policy.metadata.name,
      validationActions: ['Deny'],
      matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'media' } } },
    });
  });

  it('has its message in one line', () => {
    expect(messageOf({ message: ' jellyfin has moved:\n  see\r\nits notes ' })).toMatch(
      /^jellyfin has moved: see its notes \(fence [0-9a-f]{8}\)$/,
    );
  });

  it.each<[string, Partial<FenceProps>]>([
    ['claims', { claims: ['jellyfin-config-2'] }],
    ['folders', { nfs: [] }],
    ['LUNs', { luns: [{ iqn: 'iqn.2000-01.com.example:jellyfin', lun: 1 }] }],
    ['message', { message: 'jellyfin is being moved' }],
    ['workloads', { workloads: true }],
  ])('is told by its mark from one with other %s', (_, more) => {
    const { mark } = fenceObjects(props);
    expect(fenceObjects({ ...props }).mark).toBe(mark);
    expect(messageOf({})).toContain(mark);
    expect(fenceObjects({ ...props, ...more }).mark).not.toBe(mark);
  });
});
