import { ok, type Resource } from '../resource.ts';

/** `GET /`: version and cluster (R1.21). */
export const ROOT_RESOURCES: readonly Resource[] = [
  {
    path: '/',
    methods: {
      GET: {
        about: 'The version of the worker and the id of its Kafka cluster.',
        gives: { 200: 'ServerInfo' },
        isBodyTypeIgnored: true,
        run: ({ herder }) => ok(herder.serverInfo()),
      },
    },
  },
];
