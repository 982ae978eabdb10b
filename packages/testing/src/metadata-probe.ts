import { connect } from 'node:net';

const METADATA_KEY = 3;
const TIMEOUT_MS = 3_000;

/**
 * How many brokers the one at this port sees alive: a Metadata request (version 1, no topics) written
 * by hand, because a launcher must not depend on the client that is tested with it.
 *
 * @throws Error when nobody answers within three seconds
 */
export async function aliveBrokers(port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const socket = connect({ host: '127.0.0.1', port });
  socket.setTimeout(TIMEOUT_MS, () => reject(new Error(`No answer on port ${port}`)));
  let received: Buffer = Buffer.alloc(0);
  socket.once('connect', () => socket.write(metadataRequest()));
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    // int32 length, int32 correlation id, int32 number of brokers
    if (received.length >= 12) resolve(received.readInt32BE(8));
  });
  socket.once('error', reject);
  socket.once('close', () => reject(new Error(`Port ${port} closed the connection`)));
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}

function metadataRequest(): Buffer {
  const request = Buffer.alloc(18);
  request.writeInt32BE(14, 0);
  request.writeInt16BE(METADATA_KEY, 4);
  request.writeInt16BE(1, 6); // version
  request.writeInt32BE(1, 8); // correlation id
  request.writeInt16BE(-1, 12); // no client id
  request.writeInt32BE(0, 14); // no topics
  return request;
}
