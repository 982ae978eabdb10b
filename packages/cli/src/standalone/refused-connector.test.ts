import assert from 'node:assert/strict';
import { test } from 'node:test';
import { badRequest } from '@sluice/rest';
import { refusedConnector } from './refused-connector.ts';

const UNKNOWN = 'Failed to find any class that implements Connector and which name matches X';

test('a class that is not there is told with the connector and the line of the file', async () => {
  const refusal = badRequest(UNKNOWN);
  const told = await refusedConnector(
    refusal,
    {
      name: 'orders',
      config: { name: 'orders', 'connector.class': 'X' },
      targetState: 'STARTED',
      origins: new Map([['connector.class', { kind: 'file', file: 'orders.json', line: 3 }]]),
    },
    { validateConfig: () => Promise.reject(refusal) },
    {},
  );
  assert.ok(told instanceof Error);
  assert.equal(
    told.message,
    `Connector orders: ${UNKNOWN} ("connector.class" from orders.json line 3)`,
  );
});
