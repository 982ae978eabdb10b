import { setTimeout as sleep } from 'node:timers/promises';
import { openConnection, type Database } from './open-connection.ts';

/** How long a validation may take to connect; REST waits for it. */
const CHECK_TIMEOUT_MS = 8000;
const CONNECT_TIMEOUT_MS = 5000;

/** Why the database can't be reached, by the key to blame; empty when it can. */
export async function databaseProblems(
  database: Database,
): Promise<readonly (readonly [string, string])[]> {
  const ended = new AbortController();
  const target = { ...database.target, connectTimeoutMs: CONNECT_TIMEOUT_MS, isCheck: true };
  const tried = tryToConnect({ ...database, target, attempts: 1 });
  const waited = sleep(CHECK_TIMEOUT_MS, `no answer within ${CHECK_TIMEOUT_MS} ms`, {
    signal: ended.signal,
  }).catch(() => null);
  try {
    const problem = await Promise.race([tried, waited]);
    if (problem === null) return [];
    const text = `Could not connect to database. ${problem}`;
    return ['connection.url', 'connection.user', 'connection.username', 'connection.password'].map(
      (key) => [key, text] as const,
    );
  } finally {
    ended.abort();
  }
}

async function tryToConnect(database: Database): Promise<string | null> {
  try {
    const connection = await openConnection(database);
    await connection.close();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
