import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DataError } from '@sluice/api';
import { SeenErrors, errorCode } from '../../data-plane/errors/seen-errors.ts';
import { ErrorLog } from './error-log.ts';

test('failures and errors of records are counted by code, connector and task', () => {
  const log = new ErrorLog(() => 7);
  log.add('b', 0, 'CONNECT_PUT_FAILED', 'first\n\tat x');
  log.add('b', 0, 'CONNECT_PUT_FAILED', 'second\n\tat x');
  log.add('a', null, 'CONNECT_CONFIG', 'wrong');
  const seen = new SeenErrors();
  seen.add(new DataError('bad bytes'), 5);
  seen.add(new DataError('worse bytes'), 6);
  const all = log.merged(null, [{ connector: 'b', task: 1, errors: seen.list() }]);
  assert.deepEqual(
    all.map((each) => [each.code, each.connector, each.task, each.count, each.last_message]),
    [
      ['CONNECT_CONFIG', 'a', null, 1, 'wrong'],
      ['CONNECT_DATA', 'b', 1, 2, 'worse bytes'],
      ['CONNECT_PUT_FAILED', 'b', 0, 2, 'second'],
    ],
  );
  assert.equal(log.merged('a', []).length, 1);
  log.forget('b');
  assert.equal(log.merged(null, []).length, 1);
});

test('a plug-in that makes up a code per record does not fill the memory', () => {
  const seen = new SeenErrors();
  for (let at = 0; at < 1_000; at++) {
    seen.add(Object.assign(new Error('x'), { code: `MADE_UP_${at}` }), at);
  }
  assert.equal(seen.list().length, 51);
  assert.equal(seen.list().at(-1)?.count, 950);
});

test('what carries no code has one all the same', () => {
  assert.equal(errorCode(new DataError('x')), 'CONNECT_DATA');
  assert.equal(errorCode(new Error('x')), 'CONNECT_UNFORESEEN');
  assert.equal(errorCode('x'), 'CONNECT_UNFORESEEN');
});
