import { readFileSync } from 'node:fs';
import { GENERATED_HEAD } from './emit-message.ts';
import { quoted } from './field-code.ts';

/**
 * One entry of `golden/errors.json`, which tools/java-parity/protocol records from Java's `Errors`.
 */
interface RecordedError {
  readonly code: number;
  readonly name: string;
  /** Full class name; null for NONE. */
  readonly exception: string | null;
  /** Simple names of the exception's parents, nearest first, up to ApiException. */
  readonly extends: readonly string[];
}

/** Which parent decides the kind of an error, in this order. */
const KIND_BY_CLASS: ReadonlyMap<string, string> = new Map([
  ['RefreshRetriableException', 'REFRESH_RETRIABLE'],
  ['RetriableException', 'RETRIABLE'],
  ['TransactionAbortableException', 'ABORTABLE'],
  ['ApplicationRecoverableException', 'APPLICATION_RECOVERABLE'],
  ['InvalidConfigurationException', 'INVALID_CONFIGURATION'],
]);

/** The table of error codes. */
export function emitErrorTable(recording: string, kafkaVersion: string): string {
  const errors = JSON.parse(readFileSync(recording, 'utf8')) as readonly RecordedError[];
  const codes = errors.map((error) => `${error.name}: ${error.code},\n`);
  const infos = errors.map((error) => {
    const javaClass = error.exception === null ? 'null' : quoted(error.exception);
    return `${error.code < 0 ? `[${error.code}]` : error.code}: {
code: ${error.code},
name: '${error.name}',
kind: '${kindOf(error)}',
javaClass: ${javaClass},
},
`;
  });
  return `${GENERATED_HEAD} Apache Kafka ${kafkaVersion}. Do not edit.
import type { ErrorKind } from '../error-kind.ts';

/** Every error code, by Kafka's name. */
export const ERROR_CODES = {
${codes.join('')}} as const;

export type ErrorName = keyof typeof ERROR_CODES;

/** One error code of the protocol. */
export interface ErrorInfo {
readonly code: number;
readonly name: ErrorName;
readonly kind: ErrorKind;
/** Java's exception, as it appears in stack traces and headers; null for NONE. */
readonly javaClass: string | null;
}

/** Every error by its code. */
export const ERROR_INFOS: Readonly<Record<number, ErrorInfo>> = {
${infos.join('')}};
`;
}

function kindOf(error: RecordedError): string {
  if (error.exception === null) return 'NONE';
  const own = error.exception.slice(error.exception.lastIndexOf('.') + 1);
  const lineage = new Set([own, ...error.extends]);
  for (const [className, kind] of KIND_BY_CLASS) {
    if (lineage.has(className)) return kind;
  }
  return 'FATAL';
}
