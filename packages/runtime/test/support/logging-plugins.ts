/** Plug-ins that log when they are configured and used. Imported as lanes import them. */
import {
  ConfigDef,
  defineTransformation,
  type Converter,
  type HeaderConverter,
  type Logger,
  type Predicate,
  type Transformation,
} from '@sluice/api';
import { textConverter } from './task-fixture.ts';

const definition = { className: 'com.example.Test', version: '1', config: { validate: () => [] } };

/** Logs under the name that it was given; nothing before it was. */
class Voice {
  #logger: Logger | null = null;

  useLogger(logger: Logger): void {
    this.#logger = logger;
  }

  say(message: string): void {
    this.#logger?.info(message);
  }
}

export const converter = {
  ...definition,
  type: 'converter',
  create(): Converter {
    const voice = new Voice();
    return {
      ...textConverter(),
      useLogger: (logger) => voice.useLogger(logger),
      configure: (_props, isKey) => voice.say(`converter of the ${isKey ? 'key' : 'value'}`),
    };
  },
};

export const headers = {
  ...definition,
  type: 'header_converter',
  create(): HeaderConverter {
    const voice = new Voice();
    return {
      useLogger: (logger) => voice.useLogger(logger),
      configure: () => voice.say('converter of headers'),
      fromConnectHeader: () => null,
      toConnectHeader: () => ({ schema: null, value: null }),
    };
  },
};

export const transformation = {
  ...definition,
  type: 'transformation',
  create(): Transformation {
    const voice = new Voice();
    return {
      useLogger: (logger) => voice.useLogger(logger),
      configure: () => voice.say('transformation'),
      apply(record) {
        voice.say(`applied to ${String(record.value)}`);
        return record;
      },
    };
  },
};

export const predicate = {
  ...definition,
  type: 'predicate',
  create(): Predicate {
    const voice = new Voice();
    return {
      useLogger: (logger) => voice.useLogger(logger),
      configure: () => voice.say('predicate'),
      test: () => true,
    };
  },
};

export const defined = defineTransformation({
  className: 'com.example.Defined',
  version: '1',
  config: new ConfigDef({}),
  open: (_config, logger) => (record) => {
    logger.info(`defined for ${String(record.value)}`);
    return record;
  },
});
