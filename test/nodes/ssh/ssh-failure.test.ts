import { describe, expect, it } from 'vitest';
import { UnanswerableError, UnreachableError } from '../../../lib/core/problems';
import { ConnectionLost, type Failure, failureOf } from '../../../lib/nodes/ssh/ssh-failure';

const failure = { script: 'probe', node: 'node-a', ssh: 'admin@192.0.2.210', code: 255, stdout: '', stderr: '' };

const explain = (one: Failure) => failureOf(one).message;

describe('a script without a report', () => {
  it.each([
    ['Host key verification failed.', 'log in once by hand with "ssh admin@192.0.2.210"'],
    [
      '@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\nHost key verification failed.',
      'remove the old key with "ssh-keygen -R 192.0.2.210"',
    ],
    ['admin@192.0.2.210: Permission denied (publickey).', 'it does not accept your key'],
    ['ssh: Could not resolve hostname node-a: Name or service not known', 'give its address in the description'],
    ['ssh: connect to host 192.0.2.210 port 22: Connection refused', 'it does not answer'],
    ['ssh: connect to host 192.0.2.210 port 22: No route to host', 'it does not answer'],
  ])('did not start if ssh says %j', (stderr, remedy) => {
    const text = explain({ ...failure, stderr });
    expect(text).toContain('probe on node node-a (admin@192.0.2.210) did not begin: ');
    expect(text).toContain(remedy);
  });

  it.each([
    [1, 'sudo: a password is required', 'NOPASSWD'],
    [1, 'admin is not in the sudoers file.', 'may not use sudo'],
    [127, 'sh: 1: exec: sudo: not found', 'it has no sudo'],
    [127, 'sh: 1: exec: bash: not found', 'it has no bash'],
  ])('did not start if ssh exits with %i and %j', (code, stderr, remedy) => {
    expect(explain({ ...failure, code, stderr })).toContain(remedy);
  });

  it('names the port if there is one', () => {
    const changed = { ...failure, ssh: 'admin@[2001:db8::1]:2222', stderr: 'REMOTE HOST IDENTIFICATION HAS CHANGED' };
    expect(explain(changed)).toContain('"ssh-keygen -R [2001:db8::1]:2222"');
    expect(explain({ ...changed, stderr: 'Host key verification failed' })).toContain(
      '"ssh -p 2222 admin@2001:db8::1"',
    );
  });

  it('mentions the described host key if there is one', () => {
    const text = explain({ ...failure, hostKey: 'ssh-ed25519 AAAA', stderr: 'Host key verification failed.' });
    expect(text).toContain('another one than the hostKey of the description');
    expect(text).not.toContain('known_hosts');
  });

  it('is not a failure of ssh if the script itself prints the same', () => {
    const text = explain({ ...failure, code: 1, stderr: 'iscsiadm: Connection refused' });
    expect(text).toContain('ended with 1 and without a report');
    expect(text).not.toContain('did not begin');
  });

  it('is reported with its last lines, at most ten', () => {
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`).join('\n');
    const text = explain({ ...failure, code: 3, stdout: lines, stderr: 'mkfs: no room' });
    expect(text.split('\n').slice(1)).toHaveLength(11);
    expect(text).toMatch(/Its last words:\n {2}line 11\n.*\n {2}mkfs: no room$/s);
  });

  it('may have lost its connection', () => {
    expect(explain({ ...failure, stderr: 'client_loop: send disconnect: Broken pipe' })).toContain(
      'the connection ended before its report came',
    );
  });

  it('fails again if it ran, but may succeed if it did not start', () => {
    expect(failureOf({ ...failure, code: 1, stderr: 'mkfs: no room' })).toBeInstanceOf(UnanswerableError);
    expect(failureOf({ ...failure, stderr: 'Broken pipe' })).not.toBeInstanceOf(UnanswerableError);
  });

  it.each([
    [255, 'client_loop: send disconnect: Broken pipe', true],
    [255, 'ssh: connect to host 192.0.2.210 port 22: Connection refused', true],
    [255, 'Host key verification failed.', false],
    [255, 'admin@192.0.2.210: Permission denied (publickey).', false],
    [1, 'iscsiadm: Connection refused', false],
  ])('with %i and %j: a retry may succeed: %j', (code, stderr, isLost) => {
    expect(failureOf({ ...failure, code, stderr }) instanceof ConnectionLost).toBe(isLost);
    // Whatever the cause: what the script was to find out is not known.
    expect(failureOf({ ...failure, code, stderr })).toBeInstanceOf(UnreachableError);
  });
});
