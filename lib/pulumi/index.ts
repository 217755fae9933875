export { ClusterPart, type ClusterPartArgs } from './cluster-part';
export { pulumiOwners } from './owners';
export { PreparedNodes, type PreparedNodesArgs } from './prepared-nodes';
export { runStack, type StackOutputs } from './run-stack';
