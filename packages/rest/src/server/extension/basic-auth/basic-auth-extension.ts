import { readFileSync } from 'node:fs';
import {
  ConfigError,
  type ConnectRestExtension,
  type Props,
  type RestExtensionContext,
  type RestRequest,
  type RestResponse,
} from '@sluice/api';
import { parseBasicCredentials } from './basic-credentials.ts';
import { parseJaasFile, type JaasEntry } from './jaas-file.ts';
import { PropertyFileLogin } from './property-file-login.ts';

/** Where the JAAS file is, for those who do not set Java's system property. */
const JAAS_FILE_KEY = 'sluice.rest.jaas.file';
const JAAS_PROPERTY = /-Djava\.security\.auth\.login\.config=(?:"([^"]*)"|(\S+))/;
const JAAS_CONTEXT = 'KafkaConnect';
const LOGIN_MODULE = 'org.apache.kafka.connect.rest.basic.auth.extension.PropertyFileLoginModule';

/** What workers ask of each other: signed in other ways, so let through (R1.43). */
const INTERNAL: readonly { readonly method: string; readonly path: RegExp }[] = [
  { method: 'POST', path: /^\/?connectors\/[^/]+\/tasks\/?$/ },
  { method: 'PUT', path: /^\/?connectors\/[^/]+\/fence\/?$/ },
];

const REFUSED: RestResponse = {
  status: 401,
  contentType: 'application/json',
  body: 'User cannot access the resource.',
};

interface Login {
  readonly flag: JaasEntry['flag'];
  readonly module: PropertyFileLogin;
}

/**
 * HTTP Basic authentication by a JAAS file, whose `KafkaConnect` section names login modules of
 * Java's `PropertyFileLoginModule` with files of users and passwords. Mirrors
 * `org.apache.kafka.connect.rest.basic.auth.extension.BasicAuthSecurityRestExtension`.
 */
export class BasicAuthSecurityRestExtension implements ConnectRestExtension {
  readonly #environment: Readonly<Record<string, string | undefined>>;
  #logins: readonly Login[] = [];

  /** @param environment whose `KAFKA_OPTS` may set `java.security.auth.login.config` */
  constructor(environment: Readonly<Record<string, string | undefined>>) {
    this.#environment = environment;
  }

  /** @throws ConfigError when the JAAS file is not named, not readable, or asks for what is not here */
  configure(props: Props): void {
    const file = jaasFile(props, this.#environment);
    const sections = parseJaasFile(textOf(file), file);
    const entries = sections.get(JAAS_CONTEXT);
    if (entries === undefined)
      throw new ConfigError(`The JAAS file ${file} has no section ${JAAS_CONTEXT}.`);
    this.#logins = entries.map((entry) => ({ flag: entry.flag, module: loginModule(entry, file) }));
  }

  register(context: RestExtensionContext): void {
    context.addFilter(async (request) => Promise.resolve(this.#check(request)));
  }

  #check({ method, path, headers }: RestRequest): RestResponse | null {
    if (INTERNAL.some((one) => one.method === method && one.path.test(path))) return null;
    const credentials = parseBasicCredentials(headers['authorization'] ?? null);
    const results = this.#logins.map(({ flag, module }) => ({
      flag,
      hasPassed: module.authenticates(credentials),
    }));
    return isLoggedIn(results) ? null : REFUSED;
  }
}

/** JAAS' rules: what is required must pass; a sufficient module that passes ends the list. */
function isLoggedIn(
  results: readonly { readonly flag: JaasEntry['flag']; readonly hasPassed: boolean }[],
): boolean {
  let hasFailed = false;
  let hasPassed = false;
  for (const result of results) {
    if (result.hasPassed) {
      hasPassed = true;
      if (result.flag === 'sufficient' && !hasFailed) return true;
    } else if (result.flag === 'requisite') return false;
    else if (result.flag === 'required') hasFailed = true;
  }
  return hasPassed && !hasFailed;
}

function jaasFile(props: Props, environment: Readonly<Record<string, string | undefined>>): string {
  const [, quoted, bare] = JAAS_PROPERTY.exec(environment['KAFKA_OPTS'] ?? '') ?? [];
  const file = props[JAAS_FILE_KEY] ?? quoted ?? bare;
  if (file === undefined || file === '')
    throw new ConfigError(
      'rest.extension.classes names BasicAuthSecurityRestExtension, which needs a JAAS file: set ' +
        'KAFKA_OPTS=-Djava.security.auth.login.config=<file> as for Java, or ' +
        `${JAAS_FILE_KEY}=<file> in the worker's properties.`,
    );
  return file;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`The JAAS file can't be read: ${reason}`);
  }
}

function loginModule({ module, options }: JaasEntry, jaas: string): PropertyFileLogin {
  if (module !== LOGIN_MODULE)
    throw new ConfigError(
      `The JAAS file ${jaas} asks for the login module ${module}, a Java class that this worker ` +
        `does not have: use ${LOGIN_MODULE}.`,
    );
  const file = options.get('file');
  if (file === undefined || file.trim() === '')
    throw new ConfigError(`Property Credentials file must be specified (option "file" in ${jaas})`);
  return PropertyFileLogin.load(file);
}
