import { createServer, type Server, type Socket } from 'node:net';
import type { BrokerEndpoint, BrokerServices } from '../handlers/broker-services.ts';
import { reasonOf } from '../storage/broker-log.ts';
import { BrokerStartError } from '../storage/broker-start-error.ts';
import { Connection } from './connection.ts';
import { Dispatcher } from './dispatch.ts';

/** Accepts clients. Binds first: the services name the port to clients. */
export class Listener {
  readonly #server: Server;
  readonly #connections = new Set<Connection>();

  private constructor(server: Server) {
    this.#server = server;
  }

  /**
   * Binds the port; 0 takes a free one. {@link serve} has to follow at once, before the first client
   * is accepted.
   *
   * @throws BrokerStartError `PORT_IN_USE`, `CANNOT_LISTEN`
   */
  static async bind(host: string, port: number): Promise<Listener> {
    const server = createServer();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, resolve);
    try {
      await promise;
    } catch (error) {
      throw bindError(host, port, error);
    }
    server.removeListener('error', reject);
    return new Listener(server);
  }

  get endpoint(): BrokerEndpoint {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the listener is closed');
    return { host: address.address, port: address.port };
  }

  /** Begins to serve. */
  serve(services: BrokerServices): void {
    const dispatcher = new Dispatcher();
    this.#server.on('error', (error) => {
      services.logger.error(`Accepting a connection failed: ${error.message}`);
    });
    this.#server.on('connection', (socket: Socket) => {
      const connection = new Connection(socket, dispatcher, services);
      this.#connections.add(connection);
      socket.once('close', () => this.#connections.delete(connection));
    });
  }

  /** Ends all connections and gives the port back. */
  async close(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    for (const connection of this.#connections) connection.destroy();
    await promise;
  }
}

function bindError(host: string, port: number, error: unknown): BrokerStartError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    const text = `Starting the dev broker: port ${port} of ${host} is in use. End the program that listens there, or choose another port (0 takes a free one).`;
    return new BrokerStartError('PORT_IN_USE', text, error);
  }
  const text = `Starting the dev broker: listening on ${host}, port ${port}, failed: ${reasonOf(error)}. Choose another host or port.`;
  return new BrokerStartError('CANNOT_LISTEN', text, error);
}
