import { badRequest, type ConfigInfos, type RestError } from '@sluice/rest';

/** Every error of a validation, key by key. */
export function errorsOf(infos: ConfigInfos): readonly string[] {
  return infos.configs.flatMap(({ value }) => value?.errors ?? []);
}

/** 400 with all that is wrong (R1.47). */
export function invalidConfig(errors: readonly string[]): RestError {
  return badRequest(
    'Connector configuration is invalid and contains the following ' +
      `${errors.length} error(s):\n${errors.join('\n')}\nYou can also find the above list ` +
      'of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`',
  );
}
