/**
 * A worker with a sink in `sluice.exactly.once`, as a process that can be killed: reads records of
 * an endless topic from the offset that its group has committed, which lags behind at random.
 * Arguments: the sink's config as JSON, the file with the committed offset, where to end, a seed.
 */
import { SchemaBuilder } from '@sluice/api';
import { readFileSync, writeFileSync } from 'node:fs';
import { aRecord, startSink } from './sink-run.ts';

const [config = '{}', file = '', limitText = '0', seedText = '1'] = process.argv.slice(2);
const limit = Number(limitText);
const ROW = SchemaBuilder.struct().field('id', SchemaBuilder.int64().build()).build();
let seed = Number(seedText);
/** A number below 1, the same for the same seed. */
function random(): number {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
}

function committed(): number {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return 0;
  }
}

const parsed: unknown = JSON.parse(config);
const props = Object.fromEntries(Object.entries(Object(parsed)).map(([k, v]) => [k, String(v)]));
const sink = await startSink(props);
let position = sink.rewinds.at(-1)?.[0]?.offset ?? committed();
if (position > committed()) process.stdout.write('the database is ahead of the group\n');
let hasWritten = false;
while (position < limit) {
  const size = Math.min(1 + Math.floor(random() * 40), limit - position);
  await sink.put(
    ...Array.from({ length: size }, (_, i) => aRecord(position + i, ROW, { id: position + i })),
  );
  position += size;
  if (!hasWritten) process.stdout.write('writing\n');
  hasWritten = true;
  if (random() < 0.3) writeFileSync(file, String(position));
}
await sink.task.stop();
process.stdout.write('done\n');
