import { UserError } from '../core/problems';
import type { Chap } from '../scripts/chap';
import type { IscsiVolume } from '../volumes/iscsi';
import type { ClusterClient, LiveObject } from './cluster-client';

const PREFIX = 'node.session.auth';

/**
 * Reads the CHAP credentials of a volume from the Secret that its PersistentVolume names.
 *
 * @param ofApp namespace of the Secret, if the volume names none
 * @returns `undefined` for a volume without CHAP
 * @throws UserError if the Secret does not exist or lacks a key that the kubelet expects
 */
export async function chapOf(
  { name, chapAuthSession, secretRef, namespace }: IscsiVolume,
  ofApp: string,
  client: ClusterClient,
): Promise<Chap | undefined> {
  if (!chapAuthSession || !secretRef) return undefined;
  const metadata = { name: secretRef.name, namespace: secretRef.namespace ?? namespace ?? ofApp };
  const subject = `Secret ${metadata.namespace}/${metadata.name}, which volume "${name}" names for CHAP,`;
  const secret = (await client.read({ apiVersion: 'v1', kind: 'Secret', metadata })) as
    | (LiveObject & { readonly data?: Readonly<Record<string, string>> })
    | undefined;
  if (!secret)
    throw new UserError(`${subject} is not in the cluster: create it, of type kubernetes.io/iscsi-chap`, {
      code: 'chap-secret-unusable',
    });
  const value = (key: string) => Buffer.from(secret.data?.[`${PREFIX}.${key}`] ?? '', 'base64').toString('utf8');
  const [username, password] = [value('username'), value('password')];
  if (!username || !password) {
    throw new UserError(`${subject} lacks ${PREFIX}.username or ${PREFIX}.password`, { code: 'chap-secret-unusable' });
  }
  const mutual = { username: value('username_in'), password: value('password_in') };
  return { username, password, ...(mutual.username && mutual.password ? { mutual } : {}) };
}
