const secretWords =
  /(PASSWORD|PASSWD|PASSPHRASE|(^|_)PASS|SECRET|TOKEN|(API|PRIVATE|PRESHARED|SECRET|ENCRYPTION)_?KEY)$/i;

/** Whether a name says that its value is a secret, which no description, Git history, state or message may show. */
export function namesSecret(name: string): boolean {
  return secretWords.test(name);
}
