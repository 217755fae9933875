import type { CutoverContext } from '../cutover/cutover-context';

/** How long nodes may take to let go of a volume, once its pods have had their time to end. */
const RELEASE_SECONDS = 120;

/** How long the pods of an app may take to end. */
export function graceSeconds({ model: { props } }: Pick<CutoverContext, 'model'>): number {
  return props.pod?.terminationGracePeriodSeconds ?? props.facts?.stop.gracePeriodSeconds ?? 30;
}

/** How long a volume may take to be unused once the pods of its app are asked to end. */
export function unusedSeconds(site: Pick<CutoverContext, 'model'>): number {
  return graceSeconds(site) + RELEASE_SECONDS;
}
