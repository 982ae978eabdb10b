export { aivenJdbcSink, debeziumJdbcSink, jdbcSink } from './sink/plugins.ts';
export { aivenJdbcSource, jdbcSource } from './source/plugins.ts';
