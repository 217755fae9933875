const plainKey = /^[A-Za-z_$][\w$]*$/;

/** Extends a path in TypeScript notation: `at('apps', 'jellyfin', 'config', 1)` is `apps.jellyfin.config[1]`. */
export function at(base: string, ...keys: readonly PropertyKey[]): string {
  let path = base;
  for (const key of keys) {
    if (typeof key === 'number') {
      path += `[${key}]`;
    } else if (plainKey.test(String(key))) {
      path += path === '' ? String(key) : `.${String(key)}`;
    } else {
      path += `[${JSON.stringify(String(key))}]`;
    }
  }
  return path;
}
