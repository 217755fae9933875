import { z } from 'zod';
import type { V1EnvVarSource } from '../core/kubernetes';

/** Source of an environment variable's value, as in Kubernetes. */
export type EnvironmentSource = V1EnvVarSource;

/** A value, or its source. Do not write passwords and keys as values: reference a Secret with `secretKeyRef`. */
export type EnvironmentValue = string | number | boolean | EnvironmentSource;

/** Schema of an environment variable's value. */
export const environmentValue = z
  .unknown()
  .refine(
    (value) =>
      ['string', 'number', 'boolean'].includes(typeof value) ||
      (typeof value === 'object' &&
        value !== null &&
        Object.keys(value).length === 1 &&
        ['secretKeyRef', 'configMapKeyRef', 'fieldRef', 'resourceFieldRef', 'fileKeyRef'].some((key) => key in value)),
    { error: 'a value, or one of secretKeyRef, configMapKeyRef, fieldRef, resourceFieldRef' },
  ) as unknown as z.ZodType<EnvironmentValue>;
