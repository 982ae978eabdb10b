import { ConfigError, type ConnectRestExtension, type Props, type RestResponse } from '@sluice/api';
import type { Herder } from '../../contract/herder.ts';
import {
  METHODS,
  type Operation,
  type Resource,
  type ResourceAnswer,
  type ResourceMethod,
  type ResourceRequest,
} from '../resource.ts';
import type { Guard } from '../rest-app.ts';
import { BasicAuthSecurityRestExtension } from './basic-auth/basic-auth-extension.ts';
import { HerderClusterState } from './herder-cluster-state.ts';

/** Makes an extension that is not built in; null when there is no such class. */
export type LoadRestExtension = (className: string) => Promise<ConnectRestExtension | null>;

/** What extensions are made from. */
export interface RestExtensionOptions {
  /** `rest.extension.classes`, in their order. */
  readonly classNames: readonly string[];
  /** The worker's properties, given to each extension. */
  readonly props: Props;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly load: LoadRestExtension;
}

const BASIC_AUTH =
  'org.apache.kafka.connect.rest.basic.auth.extension.BasicAuthSecurityRestExtension';

/**
 * The REST extensions of a worker (KIP-285, R1.44): configured when the server starts, registered
 * when the herder is there.
 */
export class RestExtensions {
  readonly #extensions: readonly ConnectRestExtension[];
  readonly #guards: Guard[] = [];
  readonly #resources: Resource[] = [];

  private constructor(extensions: readonly ConnectRestExtension[]) {
    this.#extensions = extensions;
  }

  /**
   * @throws ConfigError when a class is not known, or an extension refuses the config
   */
  static async load(options: RestExtensionOptions): Promise<RestExtensions> {
    const extensions: ConnectRestExtension[] = [];
    for (const className of options.classNames) {
      const extension = await make(className, options);
      extension.configure(options.props);
      extensions.push(extension);
    }
    return new RestExtensions(extensions);
  }

  get guards(): readonly Guard[] {
    return this.#guards;
  }
  get resources(): readonly Resource[] {
    return this.#resources;
  }

  /** Lets every extension add what it has, in the order of the config. */
  register(herder: Herder): void {
    const clusterState = new HerderClusterState(herder);
    for (const extension of this.#extensions)
      extension.register({
        clusterState,
        addFilter: (filter) => {
          this.#guards.push({
            check: async (request) => {
              const response = await filter(request);
              return response === null ? null : answerOf(response);
            },
          });
        },
        addRoute: (method, path, answer) => {
          this.#resources.push(routeOf(method, path, answer));
        },
      });
  }

  /** Closes all of them, the last first; answers what went wrong. */
  async close(): Promise<readonly unknown[]> {
    const problems: unknown[] = [];
    for (const extension of this.#extensions.toReversed()) {
      try {
        await extension.close?.();
      } catch (error) {
        problems.push(error);
      }
    }
    return problems;
  }
}

async function make(
  className: string,
  { environment, load }: RestExtensionOptions,
): Promise<ConnectRestExtension> {
  const isBasicAuth = className === BASIC_AUTH || BASIC_AUTH.endsWith(`.${className}`);
  if (isBasicAuth) return new BasicAuthSecurityRestExtension(environment);
  const extension = await load(className);
  if (extension !== null) return extension;
  throw ConfigError.ofValue(
    'rest.extension.classes',
    className,
    'there is no REST extension of that name here. Java classes do not run in this worker: take ' +
      'the class out, or install an npm package that offers it',
  );
}

function routeOf(
  method: string,
  path: string,
  answer: (request: ResourceRequest) => Promise<RestResponse>,
): Resource {
  const known = METHODS.find((one): one is ResourceMethod => one === method.toUpperCase());
  if (known === undefined)
    throw new ConfigError(`A REST extension adds a route with the unknown method ${method}`);
  const operation: Operation = {
    about: 'Added by a REST extension.',
    gives: { 200: 'Anything' },
    isAnyTypeAccepted: true,
    run: async (_context, request) => answerOf(await answer(request)),
  };
  return { path, methods: { [known]: operation } };
}

function answerOf({ status, contentType, body }: RestResponse): ResourceAnswer {
  return { status, text: body, contentType };
}
