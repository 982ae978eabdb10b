// `node tools/conformance/merge-record.ts <run.json> ...`: takes what runs wrote into the record.
import { existsSync } from 'node:fs';
import { mergeRecords, readRecord, recordFile, writeRecord } from './test-record.ts';

const newer = process.argv.slice(2).flatMap((file) => readRecord(file));
const merged = mergeRecords(readRecord(recordFile), newer, existsSync);
writeRecord(recordFile, merged);
console.log(`${newer.length} tests taken into ${recordFile}, which has ${merged.length}`);
