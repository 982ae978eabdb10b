// One run of our consumer, as a process of its own: node consume.js SERVERS TOPIC COUNT GROUP [key=value …]. It looks at every
// value, as Java's tool does.
import { createConsumer, silentLogger } from '@sluice/kafka';

const [servers = '', topic = '', count = '', group = '', ...settings] = process.argv.slice(2);
const wanted = Number(count);
const POLL_MS = 1000;
/** So many empty polls in a row mean that records are missing. */
const EMPTY_POLLS_MAX = 60;

const consumer = createConsumer(
  {
    'bootstrap.servers': servers,
    'group.id': group,
    'auto.offset.reset': 'earliest',
    ...Object.fromEntries(settings.map((pair): [string, string] => splitPair(pair))),
  },
  { logger: silentLogger },
);
consumer.subscribe([topic], {
  onPartitionsRevoked: () => undefined,
  onPartitionsAssigned: () => undefined,
  onPartitionsLost: () => undefined,
});

let records = 0;
let bytes = 0;
for (let empty = 0; records < wanted && empty < EMPTY_POLLS_MAX; ) {
  const polled = await consumer.poll(POLL_MS);
  empty = polled.length === 0 ? empty + 1 : 0;
  for (const columns of polled) {
    records += columns.count;
    for (let i = 0; i < columns.count; i++) bytes += columns.value(i)?.length ?? 0;
  }
}
await consumer.close();
if (records < wanted || bytes === 0) throw new Error(`${records} of ${wanted} records came`);

function splitPair(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return [pair.slice(0, at), pair.slice(at + 1)];
}
