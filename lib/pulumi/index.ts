export { ClusterPart, type ClusterPartArgs } from './cluster-part';
export { PreparedNodes, type PreparedNodesArgs } from './prepared-nodes';
export { runStack, type StackOutputs } from './run-stack';
