export { jsonLinesSink, jsonLinesSource } from './json-lines/plugins.ts';
export { fileStreamSink, fileStreamSource } from './stream/plugins.ts';
