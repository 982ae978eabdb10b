// The borders of docs/ARCHITECTURE.md as dependency-cruiser rules.
const anyPackage = '^(packages|connectors)/[^/]+/';

/** Code of one place may import only the places named (and itself). */
function only(name, from, allowed, comment) {
  return {
    name,
    severity: 'error',
    comment,
    from: { path: from, pathNot: '\\.test\\.ts$|/test/' },
    to: { path: anyPackage, pathNot: [from, ...allowed] },
  };
}

export const forbidden = [
  {
    name: 'no-cycles',
    severity: 'error',
    comment:
      'Imports point one way, those of types too. One pair knows each other: a batch and its queue.',
    from: { pathNot: '/test/' },
    to: { circular: true, viaOnly: { pathNot: '/producer/outgoing-batch\\.ts$' } },
  },
  only('api-imports-no-sibling', '^packages/api/', [], 'Plug-in authors get no hidden platform.'),
  only('protocol-imports-no-sibling', '^packages/protocol/', [], 'The wire stands alone.'),
  only(
    'kafka-imports-protocol-only',
    '^packages/kafka/',
    ['^packages/protocol/'],
    'The client stands on the codecs.',
  ),
  only(
    'dev-broker-imports',
    '^packages/dev-broker/',
    ['^packages/(protocol|kafka)/'],
    'The broker shares the codecs and the batch format.',
  ),
  only(
    'plug-ins-import-api-only',
    '^packages/(converters|transforms)/',
    ['^packages/api/'],
    'Built-in plug-ins get nothing that third parties do not.',
  ),
  only(
    'connectors-import-api-only',
    '^connectors/',
    ['^packages/api/'],
    'A connector is a plug-in like any other.',
  ),
  only(
    'rest-imports-api-only',
    '^packages/rest/',
    ['^packages/api/'],
    'REST owns the Herder interface; the runtime implements it.',
  ),
  only(
    'runtime-imports',
    '^packages/runtime/',
    ['^packages/(api|kafka|rest)/'],
    'The worker finds plug-ins by manifest, never by import.',
  ),
  {
    name: 'data-plane-below-control-plane',
    severity: 'error',
    comment: "Data's way never calls command's way.",
    from: { path: '^packages/runtime/src/data-plane/' },
    to: { path: '^packages/runtime/src/control-plane/' },
  },
  {
    name: 'only-kafka-and-dev-broker-import-protocol',
    severity: 'error',
    comment: 'Everybody else speaks to Kafka through the client.',
    from: { path: '^(packages|connectors)/', pathNot: '^packages/(kafka|dev-broker|protocol)/' },
    to: { path: '^packages/protocol/' },
  },
  {
    name: 'only-rest-server-imports-fastify',
    severity: 'error',
    comment: 'One place knows the HTTP server.',
    from: { path: '^(packages|connectors)/', pathNot: '^packages/rest/src/server/' },
    to: { path: 'node_modules/(fastify|@fastify)/' },
  },
  {
    name: 'no-deep-imports',
    severity: 'error',
    comment: 'Packages meet at their doors (exports), by name.',
    from: { path: '^(packages|connectors)/([^/]+)/' },
    to: { path: anyPackage, pathNot: '^$1/$2/', dependencyTypes: ['local'] },
  },
  {
    name: 'no-unresolvable',
    severity: 'error',
    comment: 'An import that leads nowhere would escape every other rule.',
    from: {},
    to: { couldNotResolve: true },
  },
];
