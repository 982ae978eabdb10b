export type { LoadRestExtension } from './extension/rest-extensions.ts';
export { HTTP_LIMITS, type HttpLimits } from './http/http-listener.ts';
export type { ReadStore, StoreContent } from './http/ssl-config.ts';
export { parseListener, type Listener } from './listener.ts';
export { RestServer, type RestServerOptions } from './rest-server.ts';
