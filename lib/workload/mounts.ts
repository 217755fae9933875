import { z } from 'zod';
import { isAbsolutePath } from '../core/addresses';
import { labelName } from '../core/names';
import { flag, listOf, objectOf, oneOf, type Shape, text } from '../core/schema';
import { type InlineVolume, inlineKinds, type PersistentVolume, persistentKinds } from '../volumes/kinds';

/** A persistent volume, or its generations, oldest first. The last one is where the data will live. */
export type PersistentMount = PersistentVolume | readonly PersistentVolume[];

/** A volume with settings for its mount. */
export interface MountProps {
  /** What is mounted. A volume that is mounted at several paths is one volume of the pod. */
  readonly volume: PersistentMount | InlineVolume;
  /**
   * Name of the volume in the pod. Default: the name of the claim (of the oldest generation), or the last directory of
   * the mount path.
   */
  readonly name?: string;
  /** Directory or file inside the volume. Default: the whole volume. */
  readonly subPath?: string;
  /** Default: `false`. */
  readonly readOnly?: boolean;
  /** Whether mounts that are made later on one side are visible on the other. Default: `None`. */
  readonly mountPropagation?: 'None' | 'HostToContainer' | 'Bidirectional';
}

/** The config volume: one volume or its generations, with or without settings for the mount. */
export type ConfigMount = PersistentMount | (MountProps & { readonly volume: PersistentMount });

/** What can be mounted at a mount path. */
export type Mount = PersistentMount | InlineVolume | MountProps;

/** A mount in its long form. */
export interface NormalMount extends Omit<MountProps, 'volume'> {
  readonly mountPath: string;
  /** Generations, oldest first. A single volume is a list of one. */
  readonly generations: readonly (PersistentVolume | InlineVolume)[];
}

const kinds = { ...persistentKinds, ...inlineKinds };

/** Schema of one volume of any kind. Its `kind` selects the other properties. */
export const anyVolume = volumeOf(Object.keys(kinds) as (keyof typeof kinds)[]);

/** Schema of a volume with a claim. */
export const persistentVolume = volumeOf(Object.keys(persistentKinds) as (keyof typeof persistentKinds)[]);

const persistentMount = z.unknown().superRefine((value, context) => {
  forward(Array.isArray(value) ? listOf(persistentVolume, 1) : persistentVolume, value, context);
}) as unknown as z.ZodType<PersistentMount>;

const mountShape: Shape<MountProps> = {
  volume: z.unknown().superRefine((value, context) => {
    forward(Array.isArray(value) ? listOf(persistentVolume, 1) : anyVolume, value, context);
  }) as unknown as Shape<MountProps>['volume'],
  name: labelName.optional(),
  subPath: text(
    'a relative path inside the volume, without ".."',
    (path) => path !== '' && !path.startsWith('/') && !path.split('/').includes('..'),
  ).optional(),
  readOnly: flag.optional(),
  mountPropagation: oneOf(['None', 'HostToContainer', 'Bidirectional']).optional(),
};

const mountProps = objectOf<MountProps>(mountShape);
const configMountProps = objectOf({ ...mountShape, volume: persistentMount });

/** Schema of the config volume. */
export const configMount = z.unknown().superRefine((value, context) => {
  forward(isMountProps(value) ? configMountProps : persistentMount, value, context);
}) as unknown as z.ZodType<ConfigMount>;

/** Schema of what can be mounted at a mount path. */
export const mount = z.unknown().superRefine((value, context) => {
  const schema = Array.isArray(value) ? listOf(persistentVolume, 1) : isMountProps(value) ? mountProps : anyVolume;
  forward(schema, value, context);
}) as unknown as z.ZodType<Mount>;

/** Schema of a path in the container. Kubernetes allows no colon in it; paths on a node or a server may have one. */
export const mountPath = text(
  'an absolute path such as "/media", without "..", "//", ":" or "/" at its end',
  (path) => isAbsolutePath(path) && !path.includes(':'),
);

/** Returns a mount in its long form. */
export function normalizeMount(mountPath: string, value: Mount): NormalMount {
  const { volume, ...rest } = isMountProps(value) ? value : { volume: value };
  return { ...rest, mountPath, generations: Array.isArray(volume) ? volume : [volume] };
}

function isMountProps(value: unknown): value is MountProps {
  return typeof value === 'object' && value !== null && 'volume' in value;
}

function volumeOf<Kind extends keyof typeof kinds>(words: readonly Kind[]) {
  return z.unknown().superRefine((value, context) => {
    const kind = (value as { kind?: unknown } | null | undefined)?.kind;
    if (typeof kind === 'string' && (words as readonly string[]).includes(kind)) {
      forward(kinds[kind as Kind].schema, value, context);
    } else {
      context.addIssue({ code: 'custom', message: `a volume: ${words.map((word) => `${word}({…})`).join(', ')}` });
    }
  }) as unknown as z.ZodType<Extract<PersistentVolume | InlineVolume, { kind: Kind }>>;
}

// Selecting one schema by the value reports only that schema's problems; a union would list the problems of all.
function forward(schema: z.ZodType, value: unknown, context: z.RefinementCtx): void {
  const result = schema.safeParse(value, { reportInput: true });
  for (const issue of result.error?.issues ?? []) {
    context.addIssue({ ...issue } as never);
  }
}
