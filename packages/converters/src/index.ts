export { StringConverter } from './string-converter.ts';
export { JsonConverter } from './json-converter.ts';
export { ByteArrayConverter } from './byte-array-converter.ts';
export { BooleanConverter } from './boolean-converter.ts';
export { NumberConverter, type NumberFormat } from './number-converter.ts';
export { SimpleHeaderConverter } from './simple-header-converter.ts';
export { HeaderAdapter } from './header-adapter.ts';
export { plugins, type LazyPlugin } from './plugins.ts';
