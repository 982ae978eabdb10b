import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ERROR_CODES, isRetriable } from '@sluice/protocol';
import { KafkaError } from '../errors/kafka-error.ts';
import { consequenceOf, transactionError, type TransactionStep } from './transaction-error.ts';

const steps = [
  'init',
  'add-partitions',
  'add-offsets',
  'commit-offsets',
  'end',
  'produce',
] as const;

/** By Kafka's name: what each step makes of it, in the order of `steps`. */
const table = {
  PRODUCER_FENCED: ['fenced', 'fenced', 'fenced', 'fenced', 'fenced', 'fenced'],
  INVALID_PRODUCER_EPOCH: ['fenced', 'fenced', 'fenced', 'fenced', 'fenced', 'bump'],
  TRANSACTION_ABORTABLE: ['abort', 'abort', 'abort', 'abort', 'abort', 'abort'],
  UNKNOWN_PRODUCER_ID: ['fatal', 'bump', 'bump', 'bump', 'bump', 'bump'],
  INVALID_PRODUCER_ID_MAPPING: ['fatal', 'fatal', 'fatal', 'fatal', 'fatal', 'fatal'],
  INVALID_TXN_STATE: ['fatal', 'fatal', 'fatal', 'fatal', 'fatal', 'bump'],
  INVALID_TRANSACTION_TIMEOUT: ['fatal', 'abort', 'fatal', 'fatal', 'fatal', 'bump'],
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: ['abort', 'fatal', 'fatal', 'fatal', 'fatal', 'fatal'],
  CLUSTER_AUTHORIZATION_FAILED: ['abort', 'abort', 'fatal', 'fatal', 'fatal', 'fatal'],
  TOPIC_AUTHORIZATION_FAILED: ['fatal', 'abort', 'fatal', 'fatal', 'fatal', 'bump'],
  OPERATION_NOT_ATTEMPTED: ['fatal', 'abort', 'fatal', 'fatal', 'fatal', 'bump'],
  GROUP_AUTHORIZATION_FAILED: ['fatal', 'abort', 'abort', 'abort', 'fatal', 'bump'],
  UNKNOWN_MEMBER_ID: ['fatal', 'abort', 'fatal', 'abort', 'fatal', 'bump'],
  ILLEGAL_GENERATION: ['fatal', 'abort', 'fatal', 'abort', 'fatal', 'bump'],
  FENCED_INSTANCE_ID: ['fatal', 'abort', 'fatal', 'abort', 'fatal', 'bump'],
  UNSUPPORTED_VERSION: ['fatal', 'fatal', 'fatal', 'fatal', 'fatal', 'fatal'],
  MESSAGE_TOO_LARGE: ['fatal', 'abort', 'fatal', 'fatal', 'fatal', 'bump'],
  OUT_OF_ORDER_SEQUENCE_NUMBER: ['fatal', 'abort', 'fatal', 'fatal', 'fatal', 'bump'],
} as const;

describe('errors of transactions', () => {
  for (const [code, row] of Object.entries(table)) {
    test(`${code} means what it means in Java, step by step`, () => {
      const got = steps.map((step) => consequenceOf(step, code).replace('abort-and-bump', 'bump'));
      assert.deepEqual(got, [...row]);
    });
  }

  test('every error that Kafka names and that trying again does not help has a meaning', () => {
    for (const [name, code] of Object.entries(ERROR_CODES)) {
      if (code === 0 || isRetriable(code)) continue;
      for (const step of steps satisfies readonly TransactionStep[]) {
        const error = transactionError(
          consequenceOf(step, name),
          new KafkaError(name, 'It failed.'),
        );
        assert.ok(['abort', 'new producer'].includes(error.remedy));
        assert.match(error.message, /^It failed\. (The transaction|This producer) can only be/);
      }
    }
  });

  test('whoever is fenced sees one name for it, and the cause', () => {
    const cause = new KafkaError('INVALID_PRODUCER_EPOCH', 'Committing failed.');
    const error = transactionError(consequenceOf('end', cause.code), cause);
    assert.deepEqual([error.isFenced, error.code, error.cause], [true, 'PRODUCER_FENCED', cause]);
    assert.equal(transactionError('abort', error), error, 'is not wrapped again');
  });
});
