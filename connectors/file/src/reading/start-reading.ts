import type { SourceTaskContext } from '@sluice/api';
import { FollowedFile } from './followed-file.ts';
import { LineReader } from './line-reader.ts';
import { FILENAME_FIELD, isStdin, startOf } from './source-position.ts';
import { StdinInput } from './stdin-input.ts';

/**
 * A reader of the configured file, from where its committed offset says, or of standard input.
 *
 * @throws ConnectError when the committed offset makes no sense
 */
export async function startReading(
  context: SourceTaskContext,
  file: string | null,
): Promise<LineReader> {
  if (isStdin(file)) return new LineReader(new StdinInput(), { position: 0, lineNumber: 0 });
  const offset = await context.offsetStorageReader.offset({ [FILENAME_FIELD]: file });
  return new LineReader(new FollowedFile(file, context.logger), startOf(offset, file));
}
