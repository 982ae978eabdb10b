import path from 'node:path';
import { readFileIfThere, replaceFile } from '../storage/atomic-file.ts';
import { reasonOf } from '../storage/broker-log.ts';
import { BrokerStartError } from '../storage/broker-start-error.ts';
import { SerialQueue } from '../storage/serial-queue.ts';

const FILE_NAME = 'producer-ids.json';
/** Ids taken at once, so that not every producer costs a write. What is left at a stop is skipped. */
const BLOCK_SIZE = 1000;

/** Gives out producer ids, none of them twice in the life of a data directory. */
export class ProducerIds {
  readonly #file: string;
  readonly #requests = new SerialQueue();
  #next: number;
  #blockEnd: number;

  private constructor(file: string, next: number) {
    this.#file = file;
    this.#next = next;
    this.#blockEnd = next;
  }

  /** @throws BrokerStartError `DATA_DIR_DAMAGED`: an id given out twice would mix up two producers */
  static async open(dataDir: string): Promise<ProducerIds> {
    const file = path.join(dataDir, FILE_NAME);
    const text = await readFileIfThere(file);
    try {
      return new ProducerIds(file, text === null ? 0 : decodeNextId(JSON.parse(text)));
    } catch (error) {
      const message = `The producer ids in ${file} can't be read: ${reasonOf(error)}. Mend the file: it holds {"next": <an id that was never given out>}.`;
      throw new BrokerStartError('DATA_DIR_DAMAGED', message, error);
    }
  }

  /** An id that nobody had. Rejects when the disk refuses. */
  take(): Promise<number> {
    return this.#requests.run(async () => {
      if (this.#next === this.#blockEnd) {
        const end = this.#blockEnd + BLOCK_SIZE;
        await replaceFile(this.#file, `${JSON.stringify({ next: end })}\n`);
        this.#blockEnd = end;
      }
      return this.#next++;
    });
  }
}

function decodeNextId(value: unknown): number {
  const isObject = typeof value === 'object' && value !== null && 'next' in value;
  if (!isObject || typeof value.next !== 'number') throw new TypeError('no number "next"');
  return value.next;
}
