import type { Logger } from '@sluice/api';
import { AppendedFile } from './appended-file.ts';
import type { LineOutput } from './line-output.ts';
import { StdoutOutput } from './stdout-output.ts';

/** The configured file, or standard output when none is. */
export async function openOutput(file: string | null, logger: Logger): Promise<LineOutput> {
  return file === null || file === '' ? new StdoutOutput() : AppendedFile.open(file, logger);
}
