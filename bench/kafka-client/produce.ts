// One run of our producer, as a process of its own: node produce.js SERVERS TOPIC COUNT BYTES [key=value …]
import { createProducer, silentLogger } from '@sluice/kafka';

const [servers = '', topic = '', count = '', bytes = '', ...settings] = process.argv.slice(2);
const records = Number(count);
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
for (let sent = 0; sent < records; ) {
  for (let turn = 0; turn < RECORDS_PER_TURN && sent < records; turn++, sent++) {
    if (!producer.hasRoom) await producer.room();
    producer.append({
      topic,
      partition: null,
      key: null,
      value,
      headers: [],
      timestamp: null,
      token: sent,
    });
  }
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}
await producer.flush();
await producer.close();
if (delivered !== records) {
  throw new Error(`${delivered} of ${records} delivered; ${failures.slice(0, 3).join('; ')}`);
}

function splitPair(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return [pair.slice(0, at), pair.slice(at + 1)];
}
