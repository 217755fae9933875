import { z } from 'zod';
import { identityOfLun } from '../../storage/iscsi/identity';
import { identityOfFolder } from '../../storage/nfs/identity';
import type { Identity } from '../../storage/registry';
import type { Phase } from './cutover';

const disk = z.object({ wwn: z.string(), bytes: z.number().int() });

const entry = z.looseObject({
  ...disk.shape,
  state: z.string(),
  manifest: z.string().optional(),
  neverLive: z.boolean().optional(),
  source: disk.extend({ uuid: z.string(), attempt: z.number().int().positive().optional() }).optional(),
});

/** The parts of a journal of version 1 that are written in another way now. */
const content = z.looseObject({
  version: z.literal(1),
  volumes: z.record(z.string(), z.array(entry)),
  live: z.record(z.string(), z.string()).optional(),
  cutover: z
    .looseObject({
      phase: z.enum(['stop', 'done', 'back']),
      volumes: z.array(z.looseObject({ mountPath: z.string(), to: z.string() })),
    })
    .optional(),
});

/** What a journal of version 1 says, in the shape of today. The first write makes it a journal of today's version. */
export const contentOfVersion1 = content.transform(({ volumes, cutover, ...rest }) => ({
  ...rest,
  ...(cutover && { cutover: { ...cutover, phase: phaseOf(cutover, rest.live) } }),
  version: 2,
  volumes: Object.fromEntries(Object.entries(volumes).map(([volume, entries]) => [volume, entries.map(upgraded)])),
}));

/** One phase was for every app that was stopped: on its way there, there, and on its way back. */
function phaseOf(
  { phase, volumes }: NonNullable<z.infer<typeof content>['cutover']>,
  live: z.infer<typeof content>['live'] = {},
): Phase {
  if (phase !== 'stop') return phase === 'done' ? 'switched' : 'returning';
  return volumes.every(({ mountPath, to }) => live[mountPath] === to) ? 'rolling-back' : 'stopping';
}

function upgraded({ wwn, bytes, source, state, ...rest }: z.infer<typeof entry>): object {
  // One state was both for what was given up unfinished, and for what was sealed, or perhaps was, when an app was rolled back.
  const left = rest.manifest === undefined && !rest.neverLive ? 'abandoned' : 'rolled-back';
  return {
    ...rest,
    state: state === 'burnt' ? left : state,
    target: placeOf({ wwn, bytes }),
    ...(source && { source: sourceOf(source) }),
  };
}

function sourceOf({ wwn, bytes, ...sealed }: NonNullable<z.infer<typeof entry>['source']>): object {
  return { place: identityOfLun({ wwn, bytes }), ...sealed };
}

/** A folder was written down as a disk of no size, whose name was the server and the path. */
function placeOf({ wwn, bytes }: z.infer<typeof disk>): Identity {
  const [, server, path] = /^(.*?):(\/.*)$/.exec(wwn) ?? [];
  return bytes === 0 && server !== undefined && path !== undefined
    ? identityOfFolder({ server, path })
    : identityOfLun({ wwn, bytes });
}
