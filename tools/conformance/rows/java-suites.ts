// Section 10: Kafka's own suites, by name; section 12: what later releases changed.
import { differs, inPart, later, rowsOf } from '../row.ts';

export const suiteRows = rowsOf('worker', {
  'R10.01': 'BlockingConnectorTest',
  'R10.02': inPart(
    'ConnectWorkerIntegrationTest: lifecycle',
    'adding and removing workers waits for distributed mode',
  ),
  'R10.03': 'ConnectWorkerIntegrationTest: create and patch',
  'R10.04': inPart(
    'ConnectWorkerIntegrationTest: faults',
    'coordinator, poll timeout and config topic wait for distributed mode',
  ),
  'R10.05': 'ConnectorClientPolicyIntegrationTest',
  'R10.06': inPart(
    'ConnectorRestartApiIntegrationTest',
    'the cases of several workers wait for distributed mode',
  ),
  'R10.07': 'ConnectorTopicsIntegrationTest',
  'R10.08': 'ConnectorValidationIntegrationTest',
  'R10.09': 'ErrorHandlingIntegrationTest',
  'R10.10': later('exactly-once', 'ExactlyOnceSourceIntegrationTest'),
  'R10.11': 'ExampleConnectIntegrationTest',
  'R10.12': later('distributed', 'InternalTopicsIntegrationTest'),
  'R10.13': inPart('OffsetsApiIntegrationTest', 'its exactly-once cases wait for exactly-once'),
  'R10.14': later('distributed', 'RebalanceSourceConnectorsIntegrationTest'),
  'R10.15': inPart('RestExtension and RestForwarding', 'forwarding waits for distributed mode'),
  'R10.16': later('distributed', 'SessionedProtocolIntegrationTest'),
  'R10.17': 'SinkConnectorsIntegrationTest',
  'R10.18': 'SourceConnectorsIntegrationTest',
  'R10.19': 'StandaloneWorkerIntegrationTest',
  'R10.20': 'TransformationIntegrationTest',
  'R10.21': 'ConnectRestServerTest and the helpers’ own tests',
  'R10.22': later('mirroring', 'MirrorMaker suites'),
  'R10.23': 'MultiVersionIntegrationTest',
  'R10.24': inPart(
    'unit suites as tables of behaviour',
    'those of assignors, group and config topic wait for distributed mode',
  ),
  'R10.30': 'system test: restart a failed connector or task',
  'R10.31': 'system test: restart by includeTasks and onlyFailed',
  'R10.32': inPart('system test: pause and resume', 'a whole cluster waits for distributed mode'),
  'R10.33': inPart('system test: dynamic logging', 'scope=cluster waits for distributed mode'),
  'R10.34': later('distributed', 'system test: file source and sink over bounces'),
  'R10.35': later('distributed', 'system test: bounces'),
  'R10.36': later('exactly-once', 'system test: exactly-once source'),
  'R10.37': 'system test: transformations',
  'R10.38': later('other', 'system test: broker compatibility'),
  'R10.39': inPart('system test: REST', 'two workers wait for distributed mode'),
  'R10.40': differs(
    'system test: plug-in discovery before and after manifests are written',
    'packages carry their manifests, so there are none to write',
  ),
  'R10.41': 'system test: standalone with restarts; skip and log to the dead-letter topic',
});

export const releaseRows = rowsOf('worker', {
  'R12.01': inPart('4.0: what is gone, and linger.ms of 5', 'no test of a task shows linger.ms'),
  'R12.02': '4.1: plug-in versions and plug-ins’ own metrics',
  'R12.03': inPart(
    '4.1: version parameter of a plug-in’s config, versions in status records',
    'status records wait for distributed mode',
  ),
  'R12.04': inPart(
    '4.2: the Allowlist policy, list validation, schema.content, app-info tags',
    'tests of lists and schema.content do not name this row; app-info has no further tags',
  ),
  'R12.05': differs(
    '5.0 (announced): Allowlist is the default policy',
    'the release here is 4.3.1',
  ),
});
