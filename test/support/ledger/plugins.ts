export { ledgerSink } from './ledger-sink.ts';
export { ledgerSource } from './ledger-source.ts';
