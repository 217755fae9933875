const secretWords =
  /(PASSWORD|PASSWD|PASSPHRASE|(^|_)PASS|SECRET|TOKEN|(API|PRIVATE|PRESHARED|SECRET|ENCRYPTION)_?KEY)$/i;

/**
 * Whether a name says that its value is secret. Such a value must not appear in a description, Git history, state or
 * message.
 */
export function namesSecret(name: string): boolean {
  return secretWords.test(name);
}
