export { plugins, type LazyPlugin } from './plugins.ts';
