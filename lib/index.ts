export * from './catalog';
export * from './cluster';
export * from './constructs';
export type { Manifest } from './core/kubernetes';
export { DescriptionError, type Problem, type Warning } from './core/problems';
export type { SecretReference } from './core/secret-reference';
export * from './volumes';
export * from './workload';
