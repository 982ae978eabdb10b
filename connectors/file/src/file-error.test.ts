import { ConnectError, RetriableError } from '@sluice/api';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileError, hasCode } from './file-error.ts';

const systemError = (code: string): Error => Object.assign(new Error(`${code}: why`), { code });

describe('fileError', () => {
  it('is retriable for what passes when somebody makes room', () => {
    for (const code of ['ENOSPC', 'EDQUOT', 'EMFILE', 'EAGAIN']) {
      assert.ok(fileError('write to /x', systemError(code)) instanceof RetriableError, code);
    }
  });

  it('is fatal for what stays wrong, and says what to do', () => {
    for (const [code, advice] of [
      ['EACCES', /permission/],
      ['EISDIR', /name a file/],
      ['EROFS', /read-only/],
    ] as const) {
      const error = fileError('write to /x', systemError(code));
      assert.ok(error instanceof ConnectError && !(error instanceof RetriableError), code);
      assert.match(error.message, new RegExp(`Could not write to /x: ${code}: why\\. `));
      assert.match(error.message, advice);
    }
  });

  it('keeps the cause, and does without a code', () => {
    const cause = new Error('odd');
    assert.equal(fileError('read /x', cause).cause, cause);
    assert.equal(fileError('read /x', cause).message, 'Could not read /x: odd');
    assert.ok(hasCode(systemError('ENOENT'), 'ENOENT'));
    assert.ok(!hasCode('ENOENT', 'ENOENT'));
  });
});
