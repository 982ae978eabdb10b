const KEY_EXCHANGE_OF_RSA = 'RSA';

/**
 * OpenSSL's name of a cipher suite that is named as Java does:
 * `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256` is `ECDHE-RSA-AES128-GCM-SHA256`, and
 * `TLS_RSA_WITH_AES_256_CBC_SHA` is `AES256-SHA`. Those of TLS 1.3 have one name; what is no name of
 * Java's is left as it is.
 */
export function openSslCipherName(name: string): string {
  const match = /^(?:TLS|SSL)_(\w+)_WITH_(\w+)$/.exec(name);
  const [, exchange, cipher] = match ?? [];
  if (exchange === undefined || cipher === undefined) return name;
  const prefix = exchange === KEY_EXCHANGE_OF_RSA ? '' : `${exchange.replaceAll('_', '-')}-`;
  return prefix + cipherName(cipher);
}

function cipherName(cipher: string): string {
  return cipher
    .replace('3DES_EDE_CBC', 'DES-CBC3')
    .replace(/^(AES|CAMELLIA|ARIA)_(\d+)/, '$1$2')
    .replace(/_CBC(_SHA\d*)$/, '$1')
    .replace('CCM_8', 'CCM8')
    .replace('POLY1305_SHA256', 'POLY1305')
    .replaceAll('_', '-');
}
