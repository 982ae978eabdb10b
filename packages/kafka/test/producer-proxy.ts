import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * Stands between clients and a broker, which has to advertise the proxy's port. It can swallow the
 * broker's answers: a request whose answer was swallowed was carried out, and the client can't
 * know.
 */
export class AnswerProxy implements AsyncDisposable {
  isSwallowing = false;
  /** Bytes of answers that no client got. */
  swallowedBytes = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(brokerPort: () => number) {
    this.#server = createServer((client) => {
      const broker = connect(brokerPort(), '127.0.0.1');
      for (const socket of [client, broker]) this.#sockets.add(socket);
      client.on('data', (piece) => broker.write(piece));
      broker.on('data', (piece) => {
        if (this.isSwallowing) this.swallowedBytes += piece.length;
        else client.write(piece);
      });
      const end = (): void => {
        client.destroy();
        broker.destroy();
        this.#sockets.delete(client);
        this.#sockets.delete(broker);
      };
      for (const socket of [client, broker]) socket.on('error', end).on('close', end);
    });
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
