export * from './cluster-charts';
export * from './media-app';
export * from './volumes';
