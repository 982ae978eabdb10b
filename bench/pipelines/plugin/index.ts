export { hashingSink } from './hashing-sink.ts';
export { orderSource } from './order-source.ts';
