import { ConfigError, type Props } from '@sluice/api';
import type { Advertised } from './advertised-url.ts';
import type { CorsConfig } from './http/cors.ts';
import { parseListener, type Listener } from './listener.ts';
import type { TopicTracking } from './resource.ts';

/** What a worker's properties say of its REST server. Mirrors `RestServerConfig`. */
export interface RestConfig {
  readonly listeners: readonly Listener[];
  /** Null: the admin paths are with all others; empty: nowhere (R1.71). */
  readonly adminListeners: readonly Listener[] | null;
  readonly advertised: Advertised;
  readonly cors: CorsConfig;
  /** `response.http.headers.config` */
  readonly responseHeaders: string;
  readonly extensionClasses: readonly string[];
  readonly topicTracking: TopicTracking;
}

const LISTENERS_DEFAULT = 'http://:8083';
const PORT_MAX = 65_535;

/**
 * Reads the keys of REST, after config providers.
 *
 * @throws ConfigError naming the key
 */
export function restConfig(props: Props): RestConfig {
  const listeners = listed(props['listeners'] ?? LISTENERS_DEFAULT);
  if (listeners.length === 0)
    throw ConfigError.ofValue('listeners', props['listeners'], 'at least one listener is needed');
  const admin = props['admin.listeners'];
  return {
    listeners: listeners.map((text) => parseListener(text)),
    adminListeners:
      admin === undefined
        ? null
        : listed(admin).map((text) => parseListener(text, 'admin.listeners')),
    advertised: {
      listener: textOrNull(props['rest.advertised.listener']),
      host: textOrNull(props['rest.advertised.host.name']),
      port: portOrNull(props['rest.advertised.port']),
    },
    cors: {
      allowOrigin: props['access.control.allow.origin'] ?? '',
      allowMethods: props['access.control.allow.methods'] ?? '',
    },
    responseHeaders: props['response.http.headers.config'] ?? '',
    extensionClasses: listed(props['rest.extension.classes'] ?? ''),
    topicTracking: {
      isEnabled: isTrue(props['topic.tracking.enable']),
      isResetAllowed: isTrue(props['topic.tracking.allow.reset']),
    },
  };
}

function listed(text: string): readonly string[] {
  return text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

function textOrNull(text: string | undefined): string | null {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}

function portOrNull(text: string | undefined): number | null {
  const port = textOrNull(text);
  if (port === null) return null;
  if (/^\d{1,5}$/.test(port) && Number(port) <= PORT_MAX) return Number(port);
  throw ConfigError.ofValue('rest.advertised.port', port, `it is a port, at most ${PORT_MAX}`);
}

/** Both keys are true unless they say otherwise. */
function isTrue(text: string | undefined): boolean {
  return text?.trim().toLowerCase() !== 'false';
}
