/**
 * Whether a text is a public host key as OpenSSH writes it: type and key, and a comment perhaps. The key names its type
 * once more, which tells a key that was cut or copied from somewhere else.
 */
export function isHostKey(text: string): boolean {
  const [, type = '', encoded = ''] = /^([a-z0-9@.-]+) ([A-Za-z0-9+/]+={0,2})(?: [^\n\r]*)?$/.exec(text) ?? [];
  const key = Buffer.from(encoded, 'base64');
  if (key.length < 4) return false;
  const length = key.readUInt32BE(0);
  return key.length > 4 + length && key.toString('latin1', 4, 4 + length) === type;
}
