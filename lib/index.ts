export * from './apps';
export * from './cluster';
export * from './constructs';
export type { Manifest } from './spec/kubernetes';
export { DescriptionError, type Problem, type Warning } from './spec/problems';
export type { SecretReference } from './spec/secret-reference';
export * from './volumes';
export * from './workload';
