import {
  ConfigDef,
  type Props,
  type SinkConnector,
  type SinkConnectorPlugin,
  type SinkRecord,
  type SinkTask,
} from '@sluice/api';
import { writeFileSync } from 'node:fs';
import { checksumOf } from './checksum.ts';

const CONFIG = new ConfigDef({
  'progress.file': { type: 'STRING', importance: 'HIGH', doc: 'Where count and checksum go.' },
  records: { type: 'INT', importance: 'HIGH', doc: 'How many will come.' },
});

/** How often the file is written. */
const TELL_EVERY = 20_000;

/** Reads every field of every record and tells in a file how far it is. */
class HashingSinkTask implements SinkTask {
  #file = '';
  #records = 0;
  #count = 0;
  #told = 0;
  #checksum = 0;

  initialize(): void {
    // The context is not needed.
  }

  start(props: Props): void {
    const config = CONFIG.parse(props);
    this.#file = config['progress.file'];
    this.#records = config.records;
  }

  put(records: readonly SinkRecord[]): void {
    let checksum = this.#checksum;
    for (const record of records) {
      checksum += checksumOf(record.key);
      checksum = (checksum + checksumOf(record.value)) | 0;
    }
    this.#checksum = checksum;
    this.#count += records.length;
    if (this.#count - this.#told < TELL_EVERY && this.#count < this.#records) return;
    writeFileSync(this.#file, `${this.#count} ${this.#checksum}`);
    this.#told = this.#count;
  }

  stop(): void {
    // Nothing is held.
  }
}

class HashingSink implements SinkConnector {
  #props: Props = {};

  initialize(): void {
    // The context is not needed.
  }
  start(props: Props): void {
    this.#props = props;
  }
  taskConfigs(): readonly Props[] {
    return [this.#props];
  }
  newTask(): SinkTask {
    return new HashingSinkTask();
  }
  stop(): void {
    // Nothing is held.
  }
}

export const hashingSink: SinkConnectorPlugin = {
  type: 'sink',
  className: 'io.sluice.bench.HashingSink',
  version: '1.0.0',
  config: CONFIG,
  create: () => new HashingSink(),
};
