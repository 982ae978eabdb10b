import { ConfigError } from '@sluice/api';

/** `access.control.allow.origin` and `access.control.allow.methods`. */
export interface CorsConfig {
  /** Blank: no answer carries CORS headers. */
  readonly allowOrigin: string;
  /** Blank: GET, HEAD and POST. */
  readonly allowMethods: string;
}

const METHODS_DEFAULT = 'GET,HEAD,POST';
const HEADERS_ALLOWED = 'Content-Type';
const PREFLIGHT_MAX_AGE_S = '60';

/**
 * CORS as the web server in Java's worker does it (R1.08): origins are regular expressions, `*` is
 * any; a preflight is answered whatever method it asks about, the browser compares.
 */
export class CorsPolicy {
  readonly #origins: readonly RegExp[];
  readonly #methods: string;

  /** @throws ConfigError when an origin is no regular expression */
  constructor({ allowOrigin, allowMethods }: CorsConfig) {
    this.#origins = listed(allowOrigin).map(originPattern);
    const methods = listed(allowMethods).join(',');
    this.#methods = methods === '' ? METHODS_DEFAULT : methods;
  }

  /** What is added to the answer of a request. @param headers names in small letters */
  headersFor(
    method: string,
    headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  ): Readonly<Record<string, string>> {
    if (this.#origins.length === 0) return {};
    const { origin } = headers;
    const isAllowed =
      typeof origin === 'string' && this.#origins.some((pattern) => pattern.test(origin));
    if (!isAllowed) return { vary: 'Origin' };
    const answered = { vary: 'Origin', 'access-control-allow-origin': origin };
    const isPreflight =
      method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
    if (!isPreflight) return answered;
    return {
      ...answered,
      'access-control-allow-methods': this.#methods,
      'access-control-allow-headers': HEADERS_ALLOWED,
      'access-control-max-age': PREFLIGHT_MAX_AGE_S,
    };
  }
}

function originPattern(text: string): RegExp {
  if (text === '*') return /^.*$/s;
  try {
    return new RegExp(`^(?:${text})$`);
  } catch {
    throw ConfigError.ofValue(
      'access.control.allow.origin',
      text,
      'an origin is * or a regular expression such as https://.*\\.example\\.com',
    );
  }
}

function listed(text: string): readonly string[] {
  return text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}
