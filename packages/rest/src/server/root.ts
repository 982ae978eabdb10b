import { ok, type Resource } from './resource.ts';

/** `GET /`: version and cluster (R1.21). */
export const ROOT_RESOURCES: readonly Resource[] = [
  { path: '/', methods: { GET: ({ herder }) => ok(herder.serverInfo()) } },
];
