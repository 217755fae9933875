import { z } from 'zod';
import type { V1EnvVarSource } from '../spec/kubernetes';

/** Where the value of an environment variable comes from, in Kubernetes' own words. */
export type EnvironmentSource = V1EnvVarSource;

/** A value, or where it comes from. Passwords and keys are never values: name a Secret with `secretKeyRef`. */
export type EnvironmentValue = string | number | boolean | EnvironmentSource;

const secretWords =
  /(PASSWORD|PASSWD|PASSPHRASE|(^|_)PASS|SECRET|TOKEN|(API|PRIVATE|PRESHARED|SECRET|ENCRYPTION)_?KEY)$/i;

/** Whether the name of a variable says that its value must not stand in a description, where Git and state keep it. */
export function namesSecret(name: string): boolean {
  return secretWords.test(name);
}

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
