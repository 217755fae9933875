export { claimsByMountPath } from '../owners/live-workload';
