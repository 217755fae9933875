import { z } from 'zod';
import type { V1EnvVarSource } from '../core/kubernetes';

/** Where the value of an environment variable comes from, in Kubernetes' own words. */
export type EnvironmentSource = V1EnvVarSource;

/** A value, or where it comes from. Passwords and keys are never values: name a Secret with `secretKeyRef`. */
export type EnvironmentValue = string | number | boolean | EnvironmentSource;

/** Schema of a variable's value. */
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
