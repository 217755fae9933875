import { describe, expect, it } from 'vitest';
import { UnanswerableError, UnreachableError } from '../../lib/core/problems';
import { answerTo, ConflictError, RefusedByServer } from '../../lib/kubernetes/server-answer';

const answered = (code: number, message: string) =>
  answerTo(async () => {
    throw Object.assign(new Error(`HTTP-Code: ${code}`), { code, body: JSON.stringify({ kind: 'Status', message }) });
  }, 'home');
const denied = 'pods "jellyfin" is forbidden: ';

describe('a rejected request', () => {
  it.each([
    ['a field that is wrong', 422, 'Deployment.apps "jellyfin" is invalid: spec.selector: field is immutable'],
    ['an object that is none', 400, 'Deployment in version "v1" cannot be handled as a Deployment'],
    [
      'what a policy denies',
      422,
      `${denied}ValidatingAdmissionPolicy 'x' with binding 'x' denied request: jellyfin has moved`,
    ],
    [
      'what a policy forbids',
      403,
      `${denied}ValidatingAdmissionPolicy 'x' with binding 'x' denied request: jellyfin has moved`,
    ],
    ['what a webhook denies', 403, 'admission webhook "validate.kyverno.svc-fail" denied the request: no :latest'],
    ['what a standard for pods denies', 403, `${denied}violates PodSecurity "restricted:latest": runAsNonRoot != true`],
    ['what a quota denies', 403, `${denied}exceeded quota: small, requested: pods=1, used: pods=1, limited: pods=1`],
    ['what no account is there for', 403, `${denied}error looking up service account media/default: not found`],
  ])('is a refusal: %s', async (_, code, message) => {
    await expect(answered(code, message)).rejects.toThrow(new RefusedByServer(message));
  });

  it.each([
    [
      'who may not ask for an object',
      403,
      'pods is forbidden: User "jane" cannot create resource "pods" in API group "" in the namespace "media"',
    ],
    [
      'who may not, with a reason',
      403,
      'pods "x" is forbidden: User "system:node:a" cannot get resource "pods" in API group "" in the namespace "media": no relationship found',
    ],
    ['who may not ask at all', 403, 'forbidden: User "system:anonymous" cannot get path "/api/v1"'],
    ['who is not known', 401, 'Unauthorized'],
    ['a server in trouble', 500, 'etcdserver: request timed out'],
  ])('is not a refusal: %s', async (_, code, message) => {
    const failed = await answered(code, message).catch((error: unknown) => error as Error);
    expect(failed).toBeInstanceOf(UnreachableError);
    expect(failed).toHaveProperty('message', `The API server of context "home" can't be asked: ${message}`);
  });

  it('is undefined if the object does not exist, and a conflict if another version exists', async () => {
    expect(await answered(404, 'pods "jellyfin" not found')).toBeUndefined();
    await expect(answered(409, 'pods "jellyfin" already exists')).rejects.toThrow(ConflictError);
  });

  it('is not an answer of a proxy in front of it', async () => {
    const answer = answerTo(async () => {
      throw Object.assign(new Error('HTTP-Code: 403'), { code: 403, body: '<html>Forbidden</html>' });
    }, undefined);
    await expect(answer).rejects.toThrow(
      new UnreachableError('The API server of context "current" can\'t be asked: HTTP-Code: 403'),
    );
  });
});

describe('the class of an API server’s answer', () => {
  const failing = (error: object) =>
    answerTo(async () => {
      throw Object.assign(new Error('it failed'), error);
    }, 'home');
  const status = (code: number, message: string) => ({ code, body: JSON.stringify({ kind: 'Status', message }) });

  it.each([
    ['a refused connection', { code: 'ECONNREFUSED' }],
    ['a connection that broke', { code: 'ECONNRESET' }],
    ['a name that is not resolved', { code: 'ENOTFOUND' }],
    ['no answer in time', { name: 'AbortError' }],
    ['a certificate that has expired', { code: 'CERT_HAS_EXPIRED' }],
    ['a token that has expired', status(401, 'Unauthorized')],
    [
      'a user who may not ask',
      status(403, 'pods is forbidden: User "jane" cannot list resource "pods" in API group ""'),
    ],
    ['a proxy that forbids', { code: 403, body: '<html>Forbidden</html>' }],
    ['too many requests', status(429, 'too many requests, please try again later')],
    ['a fault of the server', status(500, 'etcdserver: leader changed')],
    ['a gateway without a server', { code: 502, body: 'Bad Gateway' }],
    ['a server that starts', status(503, 'apiserver not ready')],
    ['a gateway that has waited', status(504, 'Timeout: request did not complete')],
  ])('is no answer to the request: %s', async (_, error) => {
    await expect(failing(error)).rejects.toBeInstanceOf(UnreachableError);
  });

  it.each([
    [true, 'a user who may not ask', status(403, 'pods is forbidden: User "jane" cannot get resource "pods/log"')],
    [false, 'a proxy that forbids', { code: 403, body: '<html>Forbidden</html>' }],
    [false, 'a token that has expired', status(401, 'Unauthorized')],
    [false, 'a server that starts', status(503, 'apiserver not ready')],
  ])('does not change when repeated (%s): %s', async (isSame, _, error) => {
    const failed = await failing(error).catch((caught: unknown) => caught);
    expect(failed instanceof UnanswerableError).toBe(isSame);
  });

  it.each([
    ['a conflict', status(409, 'the object has been modified'), ConflictError],
    ['a field that is wrong', status(422, 'spec.selector: field is immutable'), RefusedByServer],
    ['a bad request', status(400, 'container x is not valid for pod y'), RefusedByServer],
    ['a policy', status(403, 'pods "x" is forbidden: ValidatingAdmissionPolicy denied request'), RefusedByServer],
  ])('is an answer: %s', async (_, error, type) => {
    await expect(failing(error)).rejects.toBeInstanceOf(type);
    await expect(failing(error)).rejects.not.toBeInstanceOf(UnreachableError);
  });
});
