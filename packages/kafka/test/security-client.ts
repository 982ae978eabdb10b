// How tests of TLS and SASL try to get in, and what they hear. Nothing that a client says, to its
// caller or its log, may hold a secret of these tests.
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { createAdmin } from '../src/admin/create-admin.ts';
import type { KafkaError } from '../src/errors/kafka-error.ts';
import type { KafkaLogger } from '../src/logger.ts';

const SECRETS =
  /store-password|key-password|not-the-password|secret-\d|-secret|p\u{fb01}né|PRIVATE KEY|eyJ/u;

type Properties = Readonly<Record<string, string>>;

/** How many brokers a client with these properties sees. */
export async function nodes(properties: Properties): Promise<number> {
  const said: string[] = [];
  const tell = (text: string, fields?: object): number =>
    said.push(fields === undefined ? text : `${text} ${inspect(fields)}`);
  const logger: KafkaLogger = { trace: tell, debug: tell, info: tell, warn: tell, error: tell };
  try {
    await using admin = createAdmin(properties, { logger });
    return (await admin.describeCluster()).nodes.length;
  } catch (error) {
    said.push(inspect(error, { depth: 10 }));
    throw error;
  } finally {
    for (const text of said) assert.doesNotMatch(text, SECRETS);
  }
}

/** The error of a client that is not let in; one that trying again does not help. */
export async function refusal(
  properties: Properties,
): Promise<Pick<KafkaError, 'code' | 'message' | 'isRetriable'>> {
  try {
    await nodes(properties);
  } catch (error) {
    assert.ok(error instanceof Error && 'code' in error && 'isRetriable' in error, String(error));
    const { code, message, isRetriable } = error;
    assert.ok(typeof code === 'string' && typeof isRetriable === 'boolean');
    assert.equal(isRetriable, false, `it is retried: ${code}: ${message}`);
    return { code, message, isRetriable };
  }
  return assert.fail('it was let in');
}
