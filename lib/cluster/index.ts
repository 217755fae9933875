export { type Cluster, defineCluster, isCluster } from './cluster';
export type { ClusterDescription, Defaults, NamespaceProps, NodeProps } from './description';
export { type LiveCluster, liveCluster } from './live';
export { emptyLock, type Lock, lockFileName, parseLock } from './lock';
