/** Credentials of CHAP; the second pair is the target's, with which it proves itself to the initiator. */
export interface Chap {
  readonly username: string;
  readonly password: string;
  readonly mutual?: { readonly username: string; readonly password: string };
}

/** As a script takes them: user, password, and both of the target where there are any. */
export function credentials(chap: Chap | undefined): string[] {
  if (!chap) return [];
  const { username, password, mutual } = chap;
  return [username, password, ...(mutual ? [mutual.username, mutual.password] : [])];
}
