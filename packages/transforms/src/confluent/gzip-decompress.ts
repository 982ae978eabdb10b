import { gunzipSync } from 'node:zlib';
import {
  ConfigDef,
  DataError,
  type AnyRecord,
  type Transformation,
  type TransformationPlugin,
} from '@sluice/api';
import { partPlugin } from '../part-plugin.ts';
import { CONFLUENT_PLUGIN_VERSION } from '../plugin-version.ts';
import { javaClassText } from '../record/java-class-name.ts';
import { partSchema, partValue, withPart, type RecordPart } from '../record/record-part.ts';

/** More than any broker takes; what grows beyond it was made to fill the worker's memory. */
const UNPACKED_MAX_BYTES = 256 * 1024 * 1024;

/**
 * Unpacks a whole key or value of bytes; null passes.
 * Mirrors `io.confluent.connect.transforms.GzipDecompress`.
 */
class GzipDecompress implements Transformation {
  readonly #part: RecordPart;

  constructor(part: RecordPart) {
    this.#part = part;
  }

  configure(): void {
    // Nothing to configure.
  }

  apply<R extends AnyRecord>(record: R): R {
    const value = partValue(record, this.#part);
    if (value === null) return record;
    const schema = partSchema(record, this.#part);
    if (!(value instanceof Uint8Array)) {
      throw new DataError(
        `GzipDecompress can unpack bytes only, found: ${javaClassText(value, schema)}. Read the ` +
          `${this.#part} with the ByteArrayConverter.`,
      );
    }
    return withPart(record, this.#part, schema, unpacked(value, this.#part));
  }
}

function unpacked(bytes: Uint8Array, part: RecordPart): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: UNPACKED_MAX_BYTES });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(
      `GzipDecompress could not unpack the ${part} of ${bytes.length} bytes: ${reason}`,
      { cause },
    );
  }
}

const SHARED = {
  className: 'io.confluent.connect.transforms.GzipDecompress',
  version: CONFLUENT_PLUGIN_VERSION,
  config: new ConfigDef({}),
  create: (part: RecordPart): Transformation => new GzipDecompress(part),
};

/** `io.confluent.connect.transforms.GzipDecompress$Key` */
export const gzipDecompressKey: TransformationPlugin = partPlugin(SHARED, 'key');
/** `io.confluent.connect.transforms.GzipDecompress$Value` */
export const gzipDecompressValue: TransformationPlugin = partPlugin(SHARED, 'value');
