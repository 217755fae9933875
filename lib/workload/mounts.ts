import { z } from 'zod';
import { isAbsolutePath } from '../core/addresses';
import { labelName } from '../core/names';
import { flag, listOf, objectOf, oneOf, type Shape, text } from '../core/schema';
import { type InlineVolume, inlineKinds, type PersistentVolume, persistentKinds } from '../volumes/kinds';

/** A persistent volume, or its generations, oldest first: the last is where the data shall live. */
export type PersistentMount = PersistentVolume | readonly PersistentVolume[];

/** A mount with more to say than what is mounted. */
export interface MountProps {
  /** What is mounted. The same volume under several paths is one volume of the pod. */
  readonly volume: PersistentMount | InlineVolume;
  /** Name of the volume in the pod. Default: that of the claim (of its oldest generation), or of the mount's last directory. */
  readonly name?: string;
  /** Directory or file inside the volume. Default: all of it. */
  readonly subPath?: string;
  /** Default: `false`. */
  readonly readOnly?: boolean;
  /** Whether mounts made later on one side are seen on the other. Default: `None`. */
  readonly mountPropagation?: 'None' | 'HostToContainer' | 'Bidirectional';
}

/** The config volume: one, its generations, or one of both with more to say of its mount. */
export type ConfigMount = PersistentMount | (MountProps & { readonly volume: PersistentMount });

/** What can stand behind a mount path. */
export type Mount = PersistentMount | InlineVolume | MountProps;

/** A mount as the rest of the code wants it. */
export interface NormalMount extends Omit<MountProps, 'volume'> {
  readonly mountPath: string;
  /** Generations, oldest first; a single volume is its own only one. */
  readonly generations: readonly (PersistentVolume | InlineVolume)[];
}

const kinds = { ...persistentKinds, ...inlineKinds };

/** Schema of one volume of any kind: its `kind` decides what else belongs there. */
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

/** Schema of whatever can stand behind a mount path. */
export const mount = z.unknown().superRefine((value, context) => {
  const schema = Array.isArray(value) ? listOf(persistentVolume, 1) : isMountProps(value) ? mountProps : anyVolume;
  forward(schema, value, context);
}) as unknown as z.ZodType<Mount>;

/** Schema of a path in the container. Kubernetes lets it hold no colon, which paths on a node and a server may. */
export const mountPath = text(
  'an absolute path such as "/media", without "..", "//", ":" or "/" at its end',
  (path) => isAbsolutePath(path) && !path.includes(':'),
);

/** A mount in its one long form. */
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

// A schema that is chosen by looking at the value gives problems of that one alone, where a union would list them all.
function forward(schema: z.ZodType, value: unknown, context: z.RefinementCtx): void {
  const result = schema.safeParse(value, { reportInput: true });
  for (const issue of result.error?.issues ?? []) {
    context.addIssue({ ...issue } as never);
  }
}
