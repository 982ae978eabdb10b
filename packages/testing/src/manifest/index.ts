/** Makes `connect.json`, by which a worker knows a package's plug-ins without importing them. */
export { manifestText, packageManifest } from './package-manifest.ts';
export { writeManifest } from './write-manifest.ts';
