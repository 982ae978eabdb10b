import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadErrors } from '../test/recordings.ts';
import { errorCode, errorInfo, isRetriable, needsRefresh, whatToDo } from './errors.ts';
import { ERROR_INFOS, type ErrorName } from './gen/error-table.ts';
import { WHAT_TO_DO } from './what-to-do.ts';

describe('the table of errors', () => {
  test("has Java's codes, names and exceptions, and says retriable where Java does", () => {
    const recorded = loadErrors();
    assert.equal(recorded.length, 135);
    assert.equal(Object.keys(ERROR_INFOS).length, recorded.length);
    for (const error of recorded) {
      const info = errorInfo(error.code);
      assert.equal(info.code, error.code);
      assert.equal(info.name, error.name);
      assert.equal(info.javaClass, error.exception);
      assert.equal(errorCode(info.name), error.code);
      assert.equal(
        isRetriable(error.code),
        error.extends.includes('RetriableException'),
        error.name,
      );
      const refresh = error.extends.includes('RefreshRetriableException');
      assert.equal(needsRefresh(error.code), refresh, error.name);
    }
  });

  test('tells what a producer must give up and what it can recover from', () => {
    const kind = (name: ErrorName): string => errorInfo(errorCode(name)).kind;
    assert.equal(kind('NONE'), 'NONE');
    assert.equal(kind('TRANSACTION_ABORTABLE'), 'ABORTABLE');
    assert.equal(kind('PRODUCER_FENCED'), 'APPLICATION_RECOVERABLE');
    assert.equal(kind('TOPIC_AUTHORIZATION_FAILED'), 'INVALID_CONFIGURATION');
    assert.equal(kind('OUT_OF_ORDER_SEQUENCE_NUMBER'), 'FATAL');
    assert.equal(kind('NOT_LEADER_OR_FOLLOWER'), 'REFRESH_RETRIABLE');
    assert.equal(kind('REQUEST_TIMED_OUT'), 'RETRIABLE');
  });

  test('takes a code of a newer broker as UNKNOWN_SERVER_ERROR', () => {
    assert.equal(errorInfo(9999).name, 'UNKNOWN_SERVER_ERROR');
    assert.equal(isRetriable(9999), false);
  });

  test('says in whole sentences what to do', () => {
    const advice = Object.entries(WHAT_TO_DO);
    assert.ok(advice.length > 80, `${advice.length} texts`);
    for (const [name, text] of advice) assert.match(text, /^[A-Z][^]*\.$/, name);
    assert.match(whatToDo('PRODUCER_FENCED') ?? '', /transactional\.id/);
    assert.equal(whatToDo('NONE'), null);
  });
});
