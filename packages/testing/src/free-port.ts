import { createServer } from 'node:net';

/**
 * Below the range from which systems take the local ports of outgoing connections (32768 and up on
 * Linux), so that a port found free is not taken by somebody's client before the server binds it.
 */
const FIRST_PORT = 20_000;
const PORT_COUNT = 12_000;
const ATTEMPTS_MAX = 200;

/**
 * A TCP port of 127.0.0.1 on which nobody listens now, for servers that must be told their port
 * beforehand. Servers of our own bind port 0 instead.
 *
 * @throws Error when no free port was found in 200 attempts.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORT_COUNT);
    if (await isFree(port)) return port;
  }
  throw new Error(
    `Looked for a free port on 127.0.0.1 between ${FIRST_PORT} and ${FIRST_PORT + PORT_COUNT}: ` +
      `${ATTEMPTS_MAX} tries were all taken. End servers that earlier tests left behind.`,
  );
}

/** As {@link freePort}, for several ports that differ from each other. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort());
  return [...ports];
}

function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer();
  server.once('error', () => resolve(false));
  server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
    server.close(() => resolve(true));
  });
  return promise;
}
