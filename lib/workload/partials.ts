import type { z } from 'zod';
import { kubernetes } from '../core/schema';
import type { MediaAppProps } from './props';

type Context = z.RefinementCtx<unknown>;

const listsOfContainer = ['env', 'envFrom', 'volumeMounts', 'volumeDevices'];

/**
 * Schemas of the partials of Kubernetes' own types. What is in them is the compiler's and the API server's to check;
 * here only that lists are lists, for a description is loaded without its types and the checks look into these.
 */
export const containerPartial = kubernetes<NonNullable<MediaAppProps['container']>>().superRefine((value, context) => {
  checkLists(value, listsOfContainer, [], context as Context);
});

/** The same of a pod, its sidecars and init containers included. */
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
