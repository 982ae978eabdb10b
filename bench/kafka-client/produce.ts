// One run of our producer, as a process of its own: node produce.js SERVERS TOPIC COUNT BYTES DOOR [key=value …]
// DOOR: how records are handed over. `object`: one object each, all with the same bytes, as Java's tool does it. The others
// make a text per record, as a converter does: `object-each` gives its bytes in an object, `columns` its bytes in a column,
// `text` the text itself in a column.
import { createProducer, silentLogger } from '@sluice/kafka';

const NUMBER_LENGTH = 9;
const [servers = '', topic = '', count = '', bytes = '', door = '', ...settings] =
  process.argv.slice(2);
const records = Number(count);
const padding = 'x'.repeat(Number(bytes) - NUMBER_LENGTH);
const value = Buffer.alloc(Number(bytes), 'x');
const failures: string[] = [];
let delivered = 0;

const producer = createProducer(
  {
    'bootstrap.servers': servers,
    ...Object.fromEntries(settings.map((pair): [string, string] => splitPair(pair))),
  },
  {
    logger: silentLogger,
    onDelivery: (report) => {
      if (report.error === null) delivered += report.tokens.length;
      else failures.push(report.error.message);
    },
  },
);

const RECORDS_PER_TURN = 500;
await producer.prepare([topic]);
for (let sent = 0; sent < records; sent += RECORDS_PER_TURN) {
  const end = Math.min(sent + RECORDS_PER_TURN, records);
  if (door === 'object' || door === 'object-each') await sendObjects(sent, end);
  else await sendColumns(sent, end);
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}
await producer.flush();
await producer.close();
if (delivered !== records) {
  throw new Error(`${delivered} of ${records} delivered; ${failures.slice(0, 3).join('; ')}`);
}

async function sendObjects(from: number, end: number): Promise<void> {
  for (let token = from; token < end; token++) {
    if (!producer.hasRoom) await producer.room();
    producer.append({
      topic,
      partition: null,
      key: null,
      value: door === 'object' ? value : Buffer.from(textOf(token)),
      headers: [],
      timestamp: null,
      token,
    });
  }
}

async function sendColumns(from: number, end: number): Promise<void> {
  const values: (Uint8Array | string)[] = [];
  const tokens: number[] = [];
  for (let token = from; token < end; token++) {
    const text = textOf(token);
    values.push(door === 'text' ? text : Buffer.from(text));
    tokens.push(token);
  }
  const rest = { partitions: null, keys: null, headers: null, timestamps: null };
  const columns = { topic, count: values.length, values, tokens, ...rest };
  for (let at = 0; at < columns.count; ) {
    at = producer.appendColumns(columns, at);
    if (at < columns.count) await producer.room();
  }
}

function textOf(token: number): string {
  return padding + String(token).padStart(NUMBER_LENGTH, '0');
}

function splitPair(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return [pair.slice(0, at), pair.slice(at + 1)];
}
