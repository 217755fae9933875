import { mapOf, text } from './schema';

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomainPattern = new RegExp(`^${label}(\\.${label})*$`);
const labelPattern = new RegExp(`^${label}$`);
const serviceNamePattern = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const qualifiedNamePattern = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)$/;
const environmentNamePattern = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;

// The checks in this file follow k8s.io/apimachinery/pkg/util/validation.

/** Whether `name` is an RFC 1123 subdomain: the form for most objects (PersistentVolumes, claims, Deployments). */
export function isSubdomain(name: string): boolean {
  return name.length <= 253 && subdomainPattern.test(name);
}

/** Whether `name` is an RFC 1123 label: the form for a namespace, a container or a volume of a pod. */
export function isLabel(name: string): boolean {
  return name.length <= 63 && labelPattern.test(name);
}

function isPortName(name: string): boolean {
  return name.length <= 15 && labelPattern.test(name) && /[a-z]/.test(name) && !name.includes('--');
}

function isLabelKey(key: string): boolean {
  const parts = key.split('/');
  const name = parts.pop() ?? '';
  const prefix = parts.pop();
  return (
    parts.length === 0 &&
    name.length <= 63 &&
    qualifiedNamePattern.test(name) &&
    (prefix === undefined || isSubdomain(prefix))
  );
}

function isLabelValue(value: string): boolean {
  return value === '' || (value.length <= 63 && qualifiedNamePattern.test(value));
}

/** Schema of an RFC 1123 subdomain. */
export const subdomainName = text(
  'a name of lower case letters, digits, "-" and "." that begins and ends with a letter or digit, at most 253 long',
  isSubdomain,
);

/** Schema of an RFC 1123 label. */
export const labelName = text(
  'a name of lower case letters, digits and "-" that begins and ends with a letter or digit, at most 63 long',
  isLabel,
);

/** Schema of the name of a Service: an RFC 1035 label. */
export const serviceName = text(
  'a name of lower case letters, digits and "-" that begins with a letter, at most 63 long',
  (name) => name.length <= 63 && serviceNamePattern.test(name),
);

/** Schema of the name of a port. */
export const portName = text(
  'a port name of lower case letters, digits and single "-" with at least one letter, at most 15 long',
  isPortName,
);

/** Schema of the name of an environment variable. */
export const environmentName = text(
  'a name of letters, digits, "_", "-" and "." that does not begin with a digit',
  (name) => environmentNamePattern.test(name),
);

/** Labels of an object. Keys and values follow the API server's rules. */
export const labels = mapOf(
  text('a label value of at most 63 letters, digits, "-", "_" and "."', isLabelValue),
  text('a label key such as "app.kubernetes.io/name"', isLabelKey),
);

/** Annotations of an object. Keys follow the rules for label keys; values are free text. */
export const annotations = mapOf(
  text('a text; write numbers and booleans in quotes', () => true),
  text('an annotation key such as "example.com/owner"', isLabelKey),
);
