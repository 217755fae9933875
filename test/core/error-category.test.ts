import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { adviceCodes } from '../../lib/core/advice-codes';
import { categoryOf } from '../../lib/core/error-category';
import { codeOf, errorCodes } from '../../lib/core/error-codes';
import { DescriptionError, UnreachableError, UserError } from '../../lib/core/problems';
import { LeaseLost } from '../../lib/kubernetes/lease-lost';
import { ConflictError, RefusedByServer } from '../../lib/kubernetes/server-answer';
import { Interrupted } from '../../lib/migration/cutover/interrupted';
import { NoWayBack } from '../../lib/migration/cutover/way-back';
import { NotApproved, PlanRefused } from '../../lib/migration/use-cases/execute';
import { ConnectionLost } from '../../lib/nodes/ssh/ssh-failure';

const lib = path.join(__dirname, '../../lib');
const sources = readdirSync(lib, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('-codes.ts'))
  .map((file) => readFileSync(path.join(lib, file), 'utf8'));

const ofSystem = (syscall: string) => Object.assign(new Error('it fails'), { syscall, code: 'EACCES' });

describe('an error', () => {
  it.each([
    ['of the user', new UserError('x'), 'trouble', 'trouble'],
    ['of a code', new UserError('x', { code: 'not-ready' }), 'trouble', 'not-ready'],
    ['of a category', new UserError('x', { category: 'usage' }), 'usage', 'usage'],
    ['of a description', new DescriptionError('x', []), 'usage', 'description-invalid'],
    ['of what can’t be asked', new UnreachableError('x'), 'unreachable', 'unreachable'],
    ['of a node that is gone', new ConnectionLost('x'), 'unreachable', 'unreachable'],
    ['of a refused plan', new PlanRefused([]), 'refused', 'plan-refused'],
    ['of another plan', new NotApproved([], []), 'refused', 'approval-outdated'],
    ['of a way back that is closed', new NoWayBack('x', []), 'refused', 'no-way-back'],
    ['of a lost lease', new LeaseLost('x'), 'refused', 'lease-lost'],
    ['of a conflict', new ConflictError('x'), 'refused', 'conflict'],
    ['of the API server', new RefusedByServer('x'), 'refused', 'refused'],
    ['of Ctrl-C', new Interrupted('x'), 'interrupted', 'interrupted'],
    ['of a file', ofSystem('open'), 'trouble', 'trouble'],
    ['of a connection', ofSystem('connect'), 'unreachable', 'unreachable'],
    ['of ours', new TypeError('x'), 'internal', 'internal'],
    ['that is no error', 'x', 'internal', 'internal'],
  ])('%s has its category and code', (_, error, category, code) => {
    expect([categoryOf(error), codeOf(error)]).toEqual([category, code]);
  });

  it.each([
    new Interrupted('x'),
    new UnreachableError('x'),
    new UserError('x', { code: 'not-ready' }),
    new ConflictError('x'),
    new TypeError('x'),
  ])('that adds a message to a $name keeps its category and code, and the error as its cause', (cause) => {
    const error = UserError.from(cause, 'more');
    expect([error.message, error.cause]).toEqual(['more', cause]);
    expect([error.category, error.code]).toEqual([categoryOf(cause), codeOf(cause)]);
  });
});

describe.each([
  ['of errors', errorCodes],
  ['of advice', adviceCodes],
])('the codes %s', (_, codes) => {
  it('are in kebab case, each with an explanation', () => {
    for (const [code, meaning] of Object.entries(codes)) {
      expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(meaning).toMatch(/^\S.*\.$/);
    }
  });

  it('are all used', () => {
    const unused = Object.keys(codes).filter((code) => !sources.some((text) => text.includes(`'${code}'`)));
    expect(unused).toEqual([]);
  });
});
