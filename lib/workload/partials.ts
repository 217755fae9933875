import type { z } from 'zod';
import { kubernetes } from '../core/schema';
import type { MediaAppProps } from './props';

type Context = z.RefinementCtx<unknown>;

const listsOfContainer = ['env', 'envFrom', 'volumeMounts', 'volumeDevices'];

/**
 * Schema of the container's partial. The compiler and the API server check its content. A description is loaded without
 * its types, and our checks read these lists, so the schema checks that lists are lists.
 */
export const containerPartial = kubernetes<NonNullable<MediaAppProps['container']>>().superRefine((value, context) => {
  checkLists(value, listsOfContainer, [], context as Context);
});

/** Schema of the pod's partial. Also checks its sidecars and init containers. */
export const podPartial = kubernetes<NonNullable<MediaAppProps['pod']>>().superRefine((value, context) => {
  checkLists(value, ['containers', 'initContainers', 'volumes'], [], context as Context);
  for (const key of ['containers', 'initContainers'] as const) {
    const list: unknown = value[key];
    if (Array.isArray(list)) {
      list.forEach((item: unknown, index) => {
        checkLists(item, listsOfContainer, [key, index], context as Context);
      });
    }
  }
});

function checkLists(holder: unknown, keys: readonly string[], path: readonly (string | number)[], context: Context) {
  for (const key of keys) {
    const list = (holder as Record<string, unknown> | null)?.[key];
    if (
      list !== undefined &&
      !(Array.isArray(list) && list.every((item) => typeof item === 'object' && item !== null))
    ) {
      context.addIssue({ code: 'custom', path: [...path, key], message: 'a list of objects, as Kubernetes has it' });
    }
  }
}
