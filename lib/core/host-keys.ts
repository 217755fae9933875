/**
 * Whether a text is a public host key in OpenSSH's form: type, key, and an optional comment. The encoded key repeats
 * its type, so a truncated key or one pasted from elsewhere is detected.
 */
export function isHostKey(text: string): boolean {
  const [, type = '', encoded = ''] = /^([a-z0-9@.-]+) ([A-Za-z0-9+/]+={0,2})(?: [^\n\r]*)?$/.exec(text) ?? [];
  const key = Buffer.from(encoded, 'base64');
  if (key.length < 4) return false;
  const length = key.readUInt32BE(0);
  return key.length > 4 + length && key.toString('latin1', 4, 4 + length) === type;
}
