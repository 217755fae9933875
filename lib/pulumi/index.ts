export { ClusterPart, type ClusterPartArgs } from './cluster-part';
export { runStack, type StackOutputs } from './run-stack';
