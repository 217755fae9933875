import { text } from './schema';

// The forms that the API server accepts: Kubernetes, pkg/apis/core/validation/validation.go,
// validateISCSIPersistentVolumeSource.
const forms = [
  /^iqn\.\d{4}-\d{2}\.([a-zA-Z0-9\-.]+)(:[^,;*&$|\s]+)$/,
  /^eui\.[a-zA-Z0-9]{16}$/,
  /^naa\.[a-zA-Z0-9]{32}$/,
];

/** The name of an iSCSI target or initiator. */
export const iscsiName = text(
  'an iSCSI name such as "iqn.2000-01.com.example:jellyfin" (the part behind ":" is needed), ' +
    '"eui." with 16 letters and digits, or "naa." with 32; copy it from the NAS',
  (name) => forms.some((form) => form.test(name)),
);

/**
 * Returns an iSCSI name in the form for comparisons: lower case, as RFC 3722 folds it. Log in with the name as it was
 * written: Linux' own target compares byte by byte (`iscsit_get_tiqn_for_login`), and some NAS make names with upper
 * case.
 */
export function canonicalIscsiName(name: string): string {
  return name.toLowerCase();
}

/** Whether two names belong to one target or initiator. */
export function isSameIscsiName(one: string, other: string): boolean {
  return canonicalIscsiName(one) === canonicalIscsiName(other);
}
