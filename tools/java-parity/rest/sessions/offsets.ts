import type { Step } from '../../../../packages/rest/test/parity/session.ts';
import { SINK, SOURCE, ask, create, get, until, untilState } from './builder.ts';

const PARTITION = '{"filename":"in.txt"}';

function alter(name: string, body: string): Step {
  return ask('PATCH', `/connectors/${name}/offsets`, body);
}
function entry(partition: string, offset: string): string {
  return `{"offsets":[{"partition":${partition},"offset":${offset}}]}`;
}

const SHAPES: readonly string[] = [
  '{}',
  '{"offsets":[]}',
  '{"offsets":null}',
  '{"offsets":{}}',
  '{"offsets":"x"}',
  '{"offsets":[1]}',
  '{"offsets":[null]}',
  '{"offsets":[{}]}',
  '{"offsets":[{"partition":{}}]}',
  '{"offsets":[{"foo":{}}]}',
  '{"foo":[]}',
  '[]',
  'null',
  '',
  '{"offsets":[{"partition":[],"offset":{}}]}',
  '{"offsets":[{"partition":"x","offset":{}}]}',
  '{"offsets":[{"partition":{},"offset":[]}]}',
  '{"offsets":[{"partition":{},"offset":7}]}',
];

const SOURCES: readonly Step[] = [
  create('src', SOURCE),
  untilState('src', 'RUNNING'),
  until('/connectors/src/offsets', '"position":10'),
  get('/connectors/src/offsets'),
  get('/connectors/src/offsets/'),
  until('/connectors/src/topics', 'parity'),
  get('/connectors/src/topics'),
  ask('PUT', '/connectors/src/topics/reset'),
  get('/connectors/src/topics'),
  ask('PUT', '/connectors/src/topics/reset', '{}'),
  alter('src', entry(PARTITION, '{"position":2}')),
  ask('DELETE', '/connectors/src/offsets'),
  ...SHAPES.map((body) => alter('src', body)),
  ask('PUT', '/connectors/src/pause'),
  untilState('src', 'PAUSED'),
  ask('DELETE', '/connectors/src/offsets'),
  ask('PUT', '/connectors/src/stop'),
  untilState('src', 'STOPPED', 0),
  ...SHAPES.map((body) => alter('src', body)),
  get('/connectors/src/offsets'),
  alter('src', entry('{"filename":"other.txt"}', '{"position":2}')),
  get('/connectors/src/offsets'),
  alter('src', entry(PARTITION, '{"position":2}')),
  get('/connectors/src/offsets'),
  alter('src', entry(PARTITION, '{"position":"2"}')),
  alter('src', entry(PARTITION, '{"position":2.5}')),
  alter('src', entry(PARTITION, '{"position":-1}')),
  alter('src', entry(PARTITION, '{"position":null}')),
  alter('src', entry(PARTITION, '{"pos":1}')),
  alter('src', entry('{"filename":5}', '{"position":1}')),
  alter('src', entry('{"filename":null}', '{"position":1}')),
  alter('src', entry('null', '{"position":1}')),
  alter('src', entry(PARTITION, '{"position":9007199254740993}')),
  get('/connectors/src/offsets'),
  alter(
    'src',
    `{"offsets":[{"partition":${PARTITION},"offset":{"position":1}},` +
      `{"partition":${PARTITION},"offset":{"position":4}}]}`,
  ),
  get('/connectors/src/offsets'),
  alter('src', entry(PARTITION, 'null')),
  get('/connectors/src/offsets'),
  alter('src', entry(PARTITION, '{"position":4}')),
  ask('DELETE', '/connectors/src/offsets'),
  get('/connectors/src/offsets'),
  ask('DELETE', '/connectors/src/offsets?forward=true'),
  ask('PUT', '/connectors/src/resume'),
  until('/connectors/src/offsets', '"position":10'),
  ask('DELETE', '/connectors/src'),
  get('/connectors/src/offsets'),
  get('/connectors/src/topics'),
];

function sinkPartition(topic: string, partition: string): string {
  return `{"kafka_topic":${topic},"kafka_partition":${partition}}`;
}

const SINKS: readonly Step[] = [
  create('snk', SINK),
  untilState('snk', 'RUNNING'),
  until('/connectors/snk/offsets', '"kafka_offset":\\d'),
  get('/connectors/snk/topics'),
  ask('DELETE', '/connectors/snk/offsets'),
  ask('PUT', '/connectors/snk/stop'),
  untilState('snk', 'STOPPED', 0),
  alter('snk', entry(sinkPartition('"parity"', '0'), '{"kafka_offset":1}')),
  get('/connectors/snk/offsets'),
  alter('snk', entry(sinkPartition('"parity"', '"0"'), '{"kafka_offset":"2"}')),
  get('/connectors/snk/offsets'),
  alter('snk', entry(sinkPartition('"parity"', '"x"'), '{"kafka_offset":1}')),
  alter('snk', entry(sinkPartition('"parity"', '1.5'), '{"kafka_offset":1}')),
  alter('snk', entry(sinkPartition('"parity"', 'null'), '{"kafka_offset":1}')),
  alter('snk', entry(sinkPartition('"parity"', '0'), '{"kafka_offset":"x"}')),
  alter('snk', entry(sinkPartition('"parity"', '0'), '{"kafka_offset":1.5}')),
  alter('snk', entry(sinkPartition('"parity"', '0'), '{"kafka_offset":null}')),
  alter('snk', entry(sinkPartition('"parity"', '0'), '{"kafka_offset":[]}')),
  alter('snk', entry(sinkPartition('"parity"', '0'), '{"kafka_offset":true}')),
  alter('snk', entry(sinkPartition('"parity"', '0'), '{"foo":1}')),
  alter('snk', entry(sinkPartition('"parity"', '0'), '{}')),
  alter('snk', entry(sinkPartition('null', '0'), '{"kafka_offset":1}')),
  alter('snk', entry(sinkPartition('5', '0'), '{"kafka_offset":1}')),
  alter('snk', entry('{"kafka_topic":"parity"}', '{"kafka_offset":1}')),
  alter('snk', entry('{"kafka_partition":0}', '{"kafka_offset":1}')),
  alter('snk', entry('{}', '{"kafka_offset":1}')),
  alter('snk', entry('null', '{"kafka_offset":1}')),
  get('/connectors/snk/offsets'),
  alter('snk', entry(sinkPartition('"parity"', '0'), 'null')),
  get('/connectors/snk/offsets'),
  alter('snk', entry(sinkPartition('"parity"', '0'), '{"kafka_offset":1}')),
  ask('DELETE', '/connectors/snk/offsets'),
  get('/connectors/snk/offsets'),
  ask('DELETE', '/connectors/snk/offsets'),
  ask('DELETE', '/connectors/snk'),
];

/** Topics (KIP-558) and offsets (KIP-875), of a source and of a sink. */
export const OFFSET_STEPS: readonly Step[] = [...SOURCES, ...SINKS];
