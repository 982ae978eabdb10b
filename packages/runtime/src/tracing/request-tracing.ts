import type { RequestSpan, RequestTracer } from '@sluice/rest';
import type { OpenTelemetry } from './open-telemetry.ts';

const SERVER_ERROR = 500;

/**
 * A span for each REST request. It continues the trace of the caller when the request carries one
 * (`traceparent`), as the propagator of the SDK reads it.
 */
export function requestTracer({ api, tracer }: OpenTelemetry): RequestTracer {
  return {
    begin: ({ method, path, headers }): RequestSpan => {
      const parent = api.propagation.extract(api.ROOT_CONTEXT, headers);
      const attributes = { 'http.request.method': method, 'url.path': path };
      const span = tracer.startSpan(method, { kind: api.SpanKind.SERVER, attributes }, parent);
      return {
        end: (status, route) => {
          if (route !== null) {
            span.updateName(`${method} ${route}`);
            span.setAttribute('http.route', route);
          }
          if (status !== null) span.setAttribute('http.response.status_code', status);
          if (status === null || status >= SERVER_ERROR)
            span.setStatus({ code: api.SpanStatusCode.ERROR });
          span.end();
        },
      };
    },
  };
}
