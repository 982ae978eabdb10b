import { ConfigDef, defineSink } from '@sluice/api';
import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { KillPoint } from './kill-point.ts';
import { LIFE } from './ledger-source.ts';

const CONFIG = new ConfigDef({
  file: { type: 'STRING', importance: 'HIGH', doc: 'One file per partition, by this name and -p.' },
  'put.ms': { type: 'INT', default: 0, importance: 'LOW', doc: 'How long each put takes.' },
});

const NEWLINE = 10;

/**
 * Keeps what it is given in memory and writes it only when asked to flush, as sinks of files and of
 * objects do: an offset that is committed without asking loses records.
 */
export const ledgerSink = defineSink({
  className: 'io.sluice.test.LedgerSink',
  version: '1.0.0',
  config: CONFIG,
  open(config) {
    const at = new KillPoint(process.env);
    const life = Number(process.env[LIFE]);
    const files = new Map<number, { readonly fd: number; lines: string }>();
    return {
      open(partitions) {
        for (const { partition } of partitions) {
          const fd = openSync(`${config.file}-${partition}`, 'a+');
          endTornLine(fd);
          files.set(partition, { fd, lines: '' });
        }
      },
      async put(records) {
        const isSlow = records.length > 0 && config['put.ms'] > 0;
        if (isSlow) await sleep(config['put.ms']);
        if (records.length > 0) at.reached('put');
        for (const { kafkaPartition, kafkaOffset, value } of records) {
          const file = files.get(kafkaPartition);
          if (file === undefined) throw new Error(`Given partition ${kafkaPartition}, not opened`);
          file.lines += `${kafkaOffset} ${life} ${String(value)}\n`;
        }
        if (records.length > 0) at.reached('put-done');
      },
      flush() {
        const full = [...files.values()].filter(({ lines }) => lines !== '');
        if (full.length > 0) at.reached('flush');
        for (const file of full) {
          const half = file.lines.length >> 1;
          writeSync(file.fd, file.lines.slice(0, half));
          at.reached('flush-half');
          writeSync(file.fd, file.lines.slice(half));
          fsyncSync(file.fd);
          file.lines = '';
        }
        if (full.length > 0) at.reached('flushed');
      },
      close(partitions) {
        for (const { partition } of partitions) {
          const file = files.get(partition);
          files.delete(partition);
          if (file !== undefined) closeSync(file.fd);
        }
      },
    };
  },
});

/** What a killed life had half written stays as a line of its own. */
function endTornLine(fd: number): void {
  const { size } = fstatSync(fd);
  const last = new Uint8Array(1);
  if (size > 0) readSync(fd, last, 0, 1, size - 1);
  if (size > 0 && last[0] !== NEWLINE) writeSync(fd, '\n');
}
