/** CHAP credentials. With `mutual`, the target proves itself to the initiator too. */
export interface Chap {
  readonly username: string;
  readonly password: string;
  readonly mutual?: { readonly username: string; readonly password: string };
}

/**
 * Credentials as a script's parameter: user and password, then both of the target if `mutual` is set; empty without
 * CHAP.
 */
export function credentials(chap: Chap | undefined): string[] {
  if (!chap) return [];
  const { username, password, mutual } = chap;
  return [username, password, ...(mutual ? [mutual.username, mutual.password] : [])];
}
