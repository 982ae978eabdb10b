import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConnectorFile } from './connector-file.ts';
import { mistakenForm } from './mistaken-form.ts';
import { parseProperties, propsOf } from './properties-file.ts';
import { standaloneConfig } from './worker-config.ts';

const MANIFEST = `apiVersion: kafka.strimzi.io/v1
kind: KafkaConnector
metadata:
  name: orders
spec:
  class: FileStreamSource
`;
const VARIABLES = `CONNECT_BOOTSTRAP_SERVERS=kafka:9092
CONNECT_GROUP_ID=a
- CONNECT_REST_PORT=8083
`;

const worker = (text: string): unknown => standaloneConfig(propsOf(parseProperties(text)));
const connector = (text: string): unknown => parseConnectorFile(text, '/c.properties');

test('a manifest for Kubernetes is told for what it is, with where its keys belong', () => {
  assert.throws(
    () => connector(MANIFEST),
    /^ConnectError: \/c\.properties is no connector's configuration\. It is a manifest for Kubernetes \(kind: KafkaConnector\).*spec\.tasksMax as "tasks\.max"/,
  );
  assert.throws(
    () => worker(MANIFEST.replace('KafkaConnector', '"KafkaConnect"')),
    /Missing required configuration "key\.converter".*\(kind: KafkaConnect\).*spec\.config/,
  );
  assert.match(
    mistakenForm({ apiVersion: 'v1', kind: 'Secret' }, 'worker') ?? '',
    /holds neither a worker nor a connector/,
  );
});

test('variables of a container, a Compose file and JSON are told, beside the key that is missing', () => {
  assert.throws(
    () => worker(VARIABLES),
    /"key\.converter".*variables for a container.*"group\.id=a"/,
  );
  assert.throws(() => worker('services:\n  connect:\n    image: x\n'), /It is a Compose file/);
  assert.throws(() => worker('{"key.converter": "x"}'), /It is JSON, but a worker's file/);
  assert.throws(() => worker('{{ range . }}\na=b\n'), /It is a template/);
});

test("a connector's file in place of a worker's is told, and the other way round", () => {
  assert.throws(
    () => worker('name=a\nconnector.class=FileStreamSource\n'),
    /It looks like a connector's file\. The worker's file stands first/,
  );
  assert.throws(
    () => connector('bootstrap.servers=b:9092\nkey.converter=x\n'),
    /It looks like a worker's file/,
  );
  assert.throws(
    () => connector('clusters=a,b\n'),
    /MirrorMaker's own driver.*Sluice has no MirrorMaker yet/,
  );
});

test('a file that is what it should be is not doubted', () => {
  const props = { name: 'a', 'connector.class': 'X', clusters: 'mine', CONNECT_X: 'y' };
  assert.equal(mistakenForm(props, 'connector'), null);
  assert.equal(mistakenForm({ 'bootstrap.servers': 'b' }, 'worker'), null);
  assert.deepEqual(parseConnectorFile('name=a\nconnector.class=X\n', 'c').config, {
    name: 'a',
    'connector.class': 'X',
  });
});

test('a variable that nobody filled in is told where its value is refused', () => {
  const base = 'key.converter=a\nvalue.converter=a\noffset.storage.file.filename=o\n';
  for (const value of ['$FLUSH', '${FLUSH:-10}', '{{ flush }}'])
    assert.throws(
      () => worker(`${base}offset.flush.interval.ms=${value}\n`),
      /offset\.flush\.interval\.ms: Not a number of type LONG\. It holds a variable/,
    );
  assert.throws(
    () => worker(`${base}offset.flush.interval.ms=ten\n`),
    (error: Error) => !error.message.includes('variable'),
  );
});
