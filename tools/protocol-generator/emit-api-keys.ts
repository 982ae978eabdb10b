import { GENERATED_HEAD } from './emit-message.ts';
import type { Message } from './model.ts';
import { isEmpty, VERSION_MAX } from './version-range.ts';

/** The table of APIs: pure data, so that importing it loads no codec. */
export function emitApiKeys(messages: readonly Message[], kafkaVersion: string): string {
  const requests = messages
    .filter((message) => message.type === 'request')
    .sort((a, b) => a.apiKey - b.apiKey);
  const names = requests.map((request) => `${apiName(request)}: ${request.apiKey},\n`);
  const infos = requests.map((request) => info(request, responseOf(request, messages)));
  return `${GENERATED_HEAD} Apache Kafka ${kafkaVersion}. Do not edit.

/** Key of every API, by Kafka's name. */
export const API_KEYS = {
${names.join('')}} as const;

export type ApiName = keyof typeof API_KEYS;

export type ApiListener = 'broker' | 'controller';

/** One API: its versions and who answers it. */
export interface ApiInfo {
readonly name: ApiName;
readonly key: number;
readonly minVersion: number;
readonly maxVersion: number;
/** The newest version that is stable: clients use none above it. */
readonly latestStableVersion: number;
/**
 * First version whose request has compact lengths and tagged fields; ${VERSION_MAX} when there is
 * none.
 */
readonly requestFlexibleFrom: number;
/** The same for the response. */
readonly responseFlexibleFrom: number;
readonly listeners: readonly ApiListener[];
}

/** Every API by its key. */
export const API_INFOS: Readonly<Record<number, ApiInfo>> = {
${infos.join('')}};
`;
}

function info(request: Message, response: Message): string {
  const listeners = request.listeners.map((listener) => `'${listener}'`).join(', ');
  return `${request.apiKey}: {
name: '${apiName(request)}',
key: ${request.apiKey},
minVersion: ${request.versions.low},
maxVersion: ${request.versions.high},
latestStableVersion: ${request.latestStableVersion},
requestFlexibleFrom: ${flexibleFrom(request)},
responseFlexibleFrom: ${flexibleFrom(response)},
listeners: [${listeners}],
},
`;
}

function apiName(request: Message): string {
  return request.name.replace(/Request$/, '');
}

function responseOf(request: Message, messages: readonly Message[]): Message {
  const found = messages.find(
    (message) => message.type === 'response' && message.apiKey === request.apiKey,
  );
  if (found === undefined)
    throw new Error(`${request.name}: no response has key ${request.apiKey}`);
  return found;
}

function flexibleFrom(message: Message): number {
  return isEmpty(message.flexible) ? VERSION_MAX : message.flexible.low;
}
