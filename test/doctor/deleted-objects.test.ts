import { expect, it } from 'vitest';
import { deletedObjectFindings } from '../../lib/doctor/deleted-objects';

const deletionTimestamp = new Date();
const deployment = { kind: 'Deployment', metadata: { name: 'sonarr', namespace: 'media' } };
const namespace = { kind: 'Namespace', metadata: { name: 'media' } };

it('a namespace and a Deployment that are Terminating are reported, and no others', () => {
  expect(deletedObjectFindings([undefined, deployment, namespace])).toEqual([]);
  const deleted = [deployment, namespace].map((one) => ({ ...one, metadata: { ...one.metadata, deletionTimestamp } }));
  expect(deletedObjectFindings(deleted).map(({ severity, subject, found }) => [severity, subject, found])).toEqual([
    ['error', 'Deployment media/sonarr', 'is Terminating: it was deleted, and waits for its pods'],
    ['error', 'Namespace media', expect.stringMatching(/^is Terminating: its pods and claims are deleted with it/)],
  ]);
});
