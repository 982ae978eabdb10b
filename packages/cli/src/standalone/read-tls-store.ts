import { readStore } from '@sluice/kafka/stores';
import type { ReadStore } from '@sluice/rest/server';

const LINE = /.{64}(?=.)/g;

/**
 * Reads the JKS and PKCS12 stores of the REST server with the Kafka client's reader. As in Java, a
 * key's own certificate is trusted too, not the chain behind it.
 */
export const readTlsStore: ReadStore = (bytes, passwords) => {
  const { keys, trusted } = readStore(bytes, passwords);
  const own = keys.flatMap(({ chain }) => chain.slice(0, 1));
  const [entry] = keys.filter(({ chain }) => chain.length > 0);
  const identity =
    entry === undefined || passwords.key === null
      ? null
      : {
          key: pem('PRIVATE KEY', entry.privateKey),
          cert: entry.chain.map((each) => pem('CERTIFICATE', each)).join(''),
        };
  return { identity, trusted: [...trusted, ...own].map((each) => pem('CERTIFICATE', each)) };
};

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').replaceAll(LINE, '$&\n');
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}
