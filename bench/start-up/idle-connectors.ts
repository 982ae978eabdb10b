import { writeFile } from 'node:fs/promises';
import path from 'node:path';

const EMPTY = 'empty.txt';
const FILE_CONNECTOR = 'org.apache.kafka.connect.file.FileStream';

/** The file that sources of {@link idleConnector} read: there is nothing in it. */
export async function makeIdleFiles(folder: string): Promise<void> {
  await writeFile(path.join(folder, EMPTY), '');
}

/** A connector that has nothing to do, the same for both workers. A source has one task always. */
export function idleConnector(
  type: 'source' | 'sink',
  n: number,
  tasks: number,
  folder: string,
): Readonly<Record<string, string>> {
  if (type === 'source')
    return {
      'connector.class': `${FILE_CONNECTOR}SourceConnector`,
      file: path.join(folder, EMPTY),
      topic: 'idle',
    };
  return {
    'connector.class': `${FILE_CONNECTOR}SinkConnector`,
    'tasks.max': String(tasks),
    file: path.join(folder, `out-${n}`),
    topics: 'idle',
  };
}
