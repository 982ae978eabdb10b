import { randomBytes } from 'node:crypto';

/** What stands for "no id" on the wire. */
export const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA';

/**
 * A random id in Kafka's text: 22 characters of base64url. As Kafka does, none that begins with a
 * dash, which command lines would take for an option.
 */
export function randomUuid(): string {
  for (;;) {
    const bytes = randomBytes(16);
    // Version 4, variant 2, as RFC 9562 has it.
    bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
    bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
    const text = bytes.toString('base64url');
    if (!text.startsWith('-') && text !== ZERO_UUID) return text;
  }
}
