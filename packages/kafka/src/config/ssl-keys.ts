import { type ConfigTable, ignored, key, unsupported } from './config-key.ts';

/** Java's `SslConfigs`. */
export const sslKeys: ConfigTable = {
  'ssl.cipher.suites': key('LIST', []),
  'ssl.enabled.protocols': key('LIST', ['TLSv1.2', 'TLSv1.3']),
  'ssl.endpoint.identification.algorithm': key('STRING', 'https'),
  'ssl.engine.factory.class': key('CLASS', null),
  'ssl.key.password': key('PASSWORD', null),
  'ssl.keymanager.algorithm': ignored('STRING', 'SunX509'),
  'ssl.keystore.certificate.chain': key('PASSWORD', null),
  'ssl.keystore.key': key('PASSWORD', null),
  'ssl.keystore.location': key('STRING', null),
  'ssl.keystore.password': key('PASSWORD', null),
  'ssl.keystore.type': key('STRING', 'JKS'),
  'ssl.protocol': key('STRING', 'TLSv1.3'),
  'ssl.provider': unsupported('STRING', null),
  'ssl.secure.random.implementation': ignored('STRING', null),
  'ssl.trustmanager.algorithm': ignored('STRING', 'PKIX'),
  'ssl.truststore.certificates': key('PASSWORD', null),
  'ssl.truststore.location': key('STRING', null),
  'ssl.truststore.password': key('PASSWORD', null),
  'ssl.truststore.type': key('STRING', 'JKS'),
};
