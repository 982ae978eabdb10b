import { ConfigDef, defineSource, newSourceRecord, STRING_SCHEMA } from '@sluice/api';
import type { SourceRecord } from '@sluice/api';
import { closeSync, openSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { KillPoint } from './kill-point.ts';
import { ledgerValue } from './ledger-record.ts';

/** Which life of the worker this is, counted from 0. */
export const LIFE = 'SLUICE_TEST_LIFE';
/** How many records each source partition has in all; without it there is no end. */
export const RECORDS = 'SLUICE_TEST_RECORDS';

const CONFIG = new ConfigDef({
  topic: { type: 'STRING', importance: 'HIGH', doc: 'Where the records go.' },
  parts: { type: 'LIST', importance: 'HIGH', doc: 'The source partitions, by number.' },
  ledger: { type: 'STRING', importance: 'HIGH', doc: 'The file that says what happened.' },
  'pause.ms': { type: 'INT', default: 10, importance: 'LOW', doc: 'The pause before each poll.' },
});

const RECORDS_PER_PART = 5;

/** Numbers, without an end; its ledger says what it began with, and what was acknowledged. */
export const ledgerSource = defineSource({
  className: 'io.sluice.test.LedgerSource',
  version: '1.0.0',
  config: CONFIG,
  taskConfigs(config, props, maxTasks) {
    const shares = Array.from({ length: Math.min(maxTasks, config.parts.length) }, (_, task) =>
      config.parts.filter((_part, i) => i % maxTasks === task),
    );
    return shares.map((parts) => ({ ...props, parts: parts.join(',') }));
  },
  async open(config, context) {
    const at = new KillPoint(process.env);
    const life = Number(process.env[LIFE]);
    const end = Number(process.env[RECORDS] ?? Infinity);
    const parts = config.parts.map((part) => ({ part: Number(part) }));
    const stored = await context.offsetStorageReader.offsets(parts);
    const next = stored.map((offset) => (offset === null ? 0 : Number(offset['seq']) + 1));
    const ledger = openSync(config.ledger, 'a');
    const note = (text: string): number => writeSync(ledger, `${text}\n`);
    parts.forEach(({ part }, i) => note(`start ${life} ${part} ${next[i]}`));
    return {
      async poll(signal) {
        await sleep(config['pause.ms'], null, { signal }).catch(() => null);
        if (signal.aborted) return null;
        const records: SourceRecord[] = [];
        for (const [i, sourcePartition] of parts.entries()) {
          const { part } = sourcePartition;
          const from = next[i] ?? 0;
          const to = Math.min(from + RECORDS_PER_PART, end);
          for (let seq = from; seq < to; seq++) {
            records.push(
              newSourceRecord({
                sourcePartition,
                sourceOffset: { seq },
                topic: config.topic,
                keySchema: STRING_SCHEMA,
                // Keys that come to all of two and of three partitions.
                key: `src-${part}`,
                valueSchema: STRING_SCHEMA,
                value: ledgerValue(config.topic, { part, seq, life }),
              }),
            );
          }
          next[i] = to;
          if (to > from) note(`read ${life} ${part} ${to}`);
        }
        at.reached('polled');
        return records.length === 0 ? null : records;
      },
      commitRecord({ sourcePartition, sourceOffset }, metadata) {
        if (metadata === null) return;
        note(`acked ${life} ${String(sourcePartition?.['part'])} ${String(sourceOffset?.['seq'])}`);
        at.reached('acknowledged');
      },
      commit: () => at.reached('committed'),
      stop: () => closeSync(ledger),
    };
  },
});
