import type { Step } from '../../../../packages/rest/test/parity/session.ts';
import { SINK, SOURCE, ask, get } from './builder.ts';

const TRANSFORMS = 'org.apache.kafka.connect.transforms';

function validate(plugin: string, config: string): Step {
  return ask('PUT', `/connector-plugins/${plugin}/config/validate`, config);
}

export const PLUGIN_STEPS: readonly Step[] = [
  get('/connector-plugins'),
  get('/connector-plugins/'),
  get('/connector-plugins?connectorsOnly=true'),
  get('/connector-plugins?connectorsOnly=false'),
  get('/connector-plugins?connectorsOnly=x'),
  get('/connector-plugins?connectorsOnly='),
  get('/connector-plugins/nope'),
  get('/connector-plugins/nope/config'),
  get('/connector-plugins/FileStreamSource'),
  get('/connector-plugins/FileStreamSource/config'),
  get('/connector-plugins/FileStreamSource/config?version=1'),
  get('/connector-plugins/FileStreamSource/config?version=4.3.1'),
  get('/connector-plugins/FileStreamSource/config?version=x%5B'),
  get('/connector-plugins/FileStreamSource/config?version='),
  get('/connector-plugins/FileStreamSinkConnector/config'),
  get('/connector-plugins/org.apache.kafka.connect.file.FileStreamSinkConnector/config'),
  get('/connector-plugins/JsonConverter/config'),
  get('/connector-plugins/org.apache.kafka.connect.json.JsonConverter/config'),
  get(`/connector-plugins/${TRANSFORMS}.HoistField$Value/config`),
  get(`/connector-plugins/${TRANSFORMS}.predicates.TopicNameMatches/config`),
  get('/connector-plugins/org.apache.kafka.connect.storage.SimpleHeaderConverter/config'),
  ...['HoistField', 'HoistField$Value', 'RegexRouter', 'TopicNameMatches', 'Filter'].map((name) =>
    get(`/connector-plugins/${name}/config`),
  ),
  ask('PUT', '/connector-plugins/FileStreamSource/config', '{}'),
  ask('DELETE', '/connector-plugins'),
  get('/connector-plugins/FileStreamSource/config/validate'),
  validate('FileStreamSource', '{}'),
  validate('FileStreamSource', 'null'),
  validate('FileStreamSource', '[]'),
  validate('FileStreamSource', '{"a":{}}'),
  validate('FileStreamSource', '{"config":{"connector.class":"FileStreamSource"}}'),
  ask('PUT', '/connector-plugins/FileStreamSource/config/validate'),
  validate('FileStreamSource', '{"connector.class":"FileStreamSink"}'),
  validate('FileStreamSource', '{"connector.class":"FileStreamSourceConnector"}'),
  validate('StreamSource', '{"connector.class":"FileStreamSource"}'),
  validate('Nope', '{"connector.class":"Nope"}'),
  validate('FileStreamSource', '{"connector.class":""}'),
  validate('FileStreamSource', '{"connector.class":null}'),
  validate('FileStreamSource', `{${SOURCE}}`),
  validate('FileStreamSource', `{${SOURCE},"name":""}`),
  validate('FileStreamSource', `{${SOURCE},"name":"x"}`),
  validate('FileStreamSourceConnector', `{${SOURCE},"name":"x","tasks.max":"0","foo":"bar"}`),
  validate('FileStreamSource', `{${SOURCE},"name":"x","tasks.max":null}`),
  validate(
    'org.apache.kafka.connect.file.FileStreamSinkConnector',
    `{"name":"x",${SINK.replace('FileStreamSink', 'org.apache.kafka.connect.file.FileStreamSinkConnector')}}`,
  ),
  validate('FileStreamSink', `{${SINK},"name":"x","topics.regex":"a"}`),
  validate('FileStreamSink', '{"connector.class":"FileStreamSink","name":"x"}'),
  validate(
    'FileStreamSource',
    `{${SOURCE},"name":"x","transforms":"a,b","transforms.a.type":"${TRANSFORMS}.HoistField$Value",` +
      `"transforms.b.type":"${TRANSFORMS}.InsertField$Value","transforms.b.predicate":"p",` +
      `"predicates":"p","predicates.p.type":"${TRANSFORMS}.predicates.TopicNameMatches",` +
      '"value.converter":"JsonConverter",' +
      '"header.converter":"org.apache.kafka.connect.storage.StringConverter"}',
  ),
  validate(
    'FileStreamSource',
    `{${SOURCE},"name":"x","transforms":"a","transforms.a.type":"${TRANSFORMS}.Cast$Value",` +
      '"transforms.a.spec":"x:y"}',
  ),
  validate('FileStreamSource', `{${SOURCE},"name":"x","transforms":"a,a"}`),
  validate('FileStreamSource', `{${SOURCE},"name":"x","transforms":"a"}`),
  validate(
    'FileStreamSource',
    `{${SOURCE},"name":"x","transforms":"a","transforms.a.type":"${TRANSFORMS}.Filter",` +
      '"transforms.a.predicate":"none"}',
  ),
  validate('FileStreamSource', `{${SOURCE},"name":"x","errors.tolerance":"some"}`),
  validate('FileStreamSource', `{${SOURCE},"name":"x","topic.creation.groups":"a,b"}`),
  validate(
    'FileStreamSource',
    `{${SOURCE},"name":"x","topic.creation.default.partitions":"x",` +
      '"topic.creation.default.replication.factor":"1"}',
  ),
  validate('FileStreamSource', `{${SOURCE},"name":"x","config.action.reload":"never"}`),
  validate('FileStreamSource', `{${SOURCE},"name":"x","exactly.once.support":"required"}`),
  validate('FileStreamSource', `{${SOURCE},"name":"x","producer.override.acks":"7"}`),
];
