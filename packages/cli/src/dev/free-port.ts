import { createServer } from 'node:net';

/** The wanted port if nobody has it on loopback, else one that the system gives. */
export async function freePort(wanted: number): Promise<number> {
  return (await boundPort(wanted)) ?? (await boundPort(0)) ?? 0;
}

function boundPort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      const bound = address === null || typeof address === 'string' ? null : address.port;
      server.close(() => resolve(bound));
    });
  });
}
