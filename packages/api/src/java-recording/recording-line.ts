import { getOwn } from '../data/struct.ts';

/** One case of a Java recording: what was asked, and what Java answered. */
export type RecordingLine = Readonly<Record<string, unknown>>;

/** What Java threw. */
export interface RecordedError {
  readonly class: string;
  readonly message: string;
}

/** The cases of a recording, from its uncompressed text. */
export function recordingLines(text: string): readonly RecordingLine[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): RecordingLine => JSON.parse(line));
}

/** The error that Java answered with, or `null`. */
export function recordedError(line: RecordingLine): RecordedError | null {
  const error = line['error'];
  if (typeof error !== 'object' || error === null) return null;
  const message = getOwn(error, 'message');
  return {
    class: String(getOwn(error, 'class')),
    message: typeof message === 'string' ? message : '',
  };
}
