export { RestServer, type RestServerOptions } from './rest-server.ts';
export { parseListener, type Listener } from './listener.ts';
export type { Advertised } from './advertised-url.ts';
