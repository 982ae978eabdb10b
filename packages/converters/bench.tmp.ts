import {
  SchemaBuilder,
  INT64_SCHEMA,
  INT32_SCHEMA,
  STRING_SCHEMA,
  FLOAT64_SCHEMA,
  BOOLEAN_SCHEMA,
  OPTIONAL_STRING_SCHEMA,
  newStruct,
  structTypeOf,
  TIMESTAMP_SCHEMA,
  parseJson,
  quoteJson,
} from '@sluice/api';
import { JsonConverter, StringConverter } from '@sluice/converters';
const S = SchemaBuilder.struct()
  .name('Order')
  .field('id', INT64_SCHEMA)
  .field('customer', STRING_SCHEMA)
  .field('email', STRING_SCHEMA)
  .field('country', STRING_SCHEMA)
  .field('quantity', INT32_SCHEMA)
  .field('price', FLOAT64_SCHEMA)
  .field('paid', BOOLEAN_SCHEMA)
  .field('note', OPTIONAL_STRING_SCHEMA)
  .field('created', TIMESTAMP_SCHEMA)
  .field('sku', STRING_SCHEMA)
  .build();
const N = 1000;
const rows = Array.from({ length: N }, (_, i) => ({
  id: 1000000 + i,
  customer: 'Customer number ' + i,
  email: `customer${i}@example.org`,
  country: 'DE',
  quantity: i % 7,
  price: i * 1.37 + 0.01,
  paid: i % 2 === 0,
  note: i % 3 === 0 ? null : 'please deliver to the back door, thanks',
  created: new Date(1700000000000 + i * 1000),
  sku: 'SKU-' + (i * 7919).toString(36),
}));
const rows2 = 0;
void rows2;
for (const r of rows)
  for (const k of ['customer', 'email', 'sku'] as const) r[k] = JSON.parse(JSON.stringify(r[k]));
const structs = rows.map((r) => newStruct(S, r));
const env = new JsonConverter();
env.configure({}, false);
const plain = new JsonConverter();
plain.configure({ 'schemas.enable': 'false' }, false);
const str = new StringConverter();
str.configure({}, false);
const envBytes = structs.map((s) => env.fromConnectData('t', S, s)!);
const plainBytes = structs.map((s) => plain.fromConnectData('t', S, s)!);
const schemaless = plainBytes.map((b) => plain.toConnectData('t', b).value);
console.log(String(plainBytes[1]), plainBytes[1]!.length, envBytes[1]!.length);
function bench(name: string, f: (i: number) => unknown) {
  let sink: unknown;
  for (let r = 0; r < 30; r++) for (let i = 0; i < N; i++) sink = f(i);
  let best = Infinity;
  for (let k = 0; k < 9; k++) {
    const t = process.threadCpuUsage();
    for (let r = 0; r < 40; r++) for (let i = 0; i < N; i++) sink = f(i);
    const d = process.threadCpuUsage(t);
    best = Math.min(best, ((d.user + d.system) * 1000) / (40 * N));
  }
  console.log(name.padEnd(40), best.toFixed(0), 'ns', sink === undefined ? '' : '');
}
const type = structTypeOf(S);
const vals = structs.map((s) => Object.values(s as object));
const only = process.argv[2];
const cases: [string, (i: number) => unknown][] = [
  ['struct fromTrusted', (i) => type.fromTrusted(vals[i]!)],
  ['newStruct (validated)', (i) => type.create(rows[i] as never)],
  ['struct->json plain', (i) => plain.fromConnectData('t', S, structs[i])],
  ['struct->json envelope', (i) => env.fromConnectData('t', S, structs[i])],
  ['schemaless->json', (i) => plain.fromConnectData('t', null, schemaless[i])],
  ['json->schemaless', (i) => plain.toConnectData('t', plainBytes[i]!)],
  ['json envelope->struct', (i) => env.toConnectData('t', envBytes[i]!)],
  ['JSON.parse(buf)', (i) => JSON.parse((plainBytes[i] as Buffer).toString())],
  ['JSON.stringify', (i) => JSON.stringify(schemaless[i])],
  ['Buffer.from(JSON.stringify)', (i) => Buffer.from(JSON.stringify(schemaless[i]))],
  ['quoteJson', (i) => quoteJson(rows[i]!.email)],
  ['string converter', (i) => str.fromConnectData('t', null, rows[i]!.email)],
];
for (const [n, f] of cases) if (!only || n.includes(only)) bench(n, f);
