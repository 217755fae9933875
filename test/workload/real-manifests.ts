import { expect, it } from 'vitest';
import type { MediaAppProps } from '../../lib/workload';
import { manifestsWith, ofKind } from '../helpers';

/** What the manifests of two real clusters say: each line must be possible, and end in the manifest. */
export type Row = readonly [what: string, props: Partial<MediaAppProps>, kind: string, part: unknown];

export const ports = { http: 8080, torrent: { port: 6881, protocol: ['TCP', 'UDP'] as const } };
export const source = (of: string, more: object) => ({ spec: { [of]: expect.objectContaining(more) } });
export const podOf = (more: object) => ({ spec: { template: { spec: more } } });
export const containerOf = (more: object) => podOf({ containers: [more] });
export const inPod = (volume: object) => podOf({ volumes: [expect.objectContaining(volume)] });
export const pod = (more: MediaAppProps['pod']): Partial<MediaAppProps> => ({ pod: more });
export const at = (mountPath: string, volume: NonNullable<MediaAppProps['mounts']>[string]) => ({
  mounts: { [mountPath]: volume },
});

/** Makes a test of each row. */
export function canSay(rows: readonly Row[]) {
  it.each(rows)('%s', (_what, props, kind, part) => {
    expect(ofKind(manifestsWith(props), kind)[0]).toMatchObject(part as object);
  });
}
