import type { Socket } from 'node:net';
import type { Writer } from '@sluice/protocol';

/** One gathering write: large record sets go out without having been copied. */
export function writeChunks(socket: Socket, writer: Writer): void {
  const chunks = writer.chunks();
  if (chunks.length === 1) {
    socket.write(writer.toBuffer());
    return;
  }
  socket.cork();
  for (const chunk of chunks) socket.write(chunk);
  socket.uncork();
}
