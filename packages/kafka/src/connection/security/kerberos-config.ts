import type { ConfigValues } from '../../config/config-values.ts';
import { ConfigError } from '../../errors/config-error.ts';
import { type JaasOptions, jaasError } from './jaas-options.ts';
import type { KerberosLogin } from './sasl-settings.ts';

/** What `Krb5LoginModule` is told. @throws ConfigError */
export function kerberosLogin(values: ConfigValues, jaas: JaasOptions): KerberosLogin {
  const inJaas = jaas.get('serviceName');
  const inConfig = values.nullableString('sasl.kerberos.service.name');
  if (inJaas !== null && inConfig !== null && inJaas !== inConfig) {
    throw new ConfigError(
      'Conflicting serviceName values found in JAAS and Kafka configs value in JAAS file ' +
        `${inJaas}, value in Kafka config ${inConfig}`,
    );
  }
  const serviceName = inConfig ?? inJaas;
  if (serviceName === null) {
    throw new ConfigError('No serviceName defined in either JAAS or Kafka config');
  }
  const principal = jaas.get('principal');
  const isUsingKeytab = jaas.flag('useKeyTab');
  const keytab = isUsingKeytab ? jaas.get('keyTab') : null;
  if (isUsingKeytab && principal === null) {
    throw jaasError('"useKeyTab" needs the option "principal"');
  }
  if (!isUsingKeytab && !jaas.flag('useTicketCache')) {
    throw jaasError('neither "useKeyTab=true" nor "useTicketCache=true" is set');
  }
  return {
    mechanism: 'GSSAPI',
    serviceName,
    principal,
    keytab,
    kinit: values.string('sasl.kerberos.kinit.cmd'),
  };
}
