import type { Progress } from '../nodes/runner';
import type { Step } from './plan/plan';

/** What a run reports of a step: its beginning, its progress, its result. */
export type StepNews = 'begins' | 'changed' | 'unchanged' | Progress;

/** Progress of a use case for one app. */
export type MigrationEvent =
  | { readonly type: 'step'; readonly step: Pick<Step, 'name' | 'node'>; readonly news: StepNews }
  /** Pods of the old volumes are refused from now on; or the cluster can't refuse them. */
  | { readonly type: 'fenced'; readonly inForce: boolean }
  | { readonly type: 'fenceNotProven'; readonly reason: string }
  /** Claims of volumes that are not live, and that nothing keeps pods from. */
  | { readonly type: 'unfenced'; readonly claims: readonly string[] }
  /** Fence and lock file could not be compared with the journal, or could not be made to match it; or the description does not match it. */
  | { readonly type: 'notSettled'; readonly reason: string }
  | { readonly type: 'stopping'; readonly owner: string }
  /** Pods of the app's own volumes are refused until these are checked; or the cluster can't refuse them. */
  | { readonly type: 'heldBack'; readonly inForce: boolean }
  | { readonly type: 'stopped' }
  | { readonly type: 'sealed'; readonly volume: string; readonly node: string; readonly files: number }
  | { readonly type: 'resealed'; readonly volume: string; readonly node: string; readonly attempt: number }
  /** The file system of a volume was checked; `changed`: something was repaired. */
  | {
      readonly type: 'checked';
      readonly volume: string;
      readonly node: string;
      readonly result: 'changed' | 'unchanged';
      readonly said: string;
    }
  | { readonly type: 'released'; readonly hasLuns: boolean }
  | { readonly type: 'starting'; readonly claims: readonly string[] }
  /** A resumed run found the app on its new volumes. */
  | { readonly type: 'runsAlready'; readonly claims: readonly string[] }
  | { readonly type: 'ready'; readonly pod: string; readonly node: string }
  | { readonly type: 'unhealthy'; readonly found: string }
  /** The app is started again on its old volumes. */
  | { readonly type: 'notMoved'; readonly reason: string }
  /** A copy that may be sealed, and stays in the journal as `prepared`: its node could not be asked. */
  | { readonly type: 'sealNotRead'; readonly volume: string; readonly node: string; readonly reason: string }
  /** A node that was logged in to a target without using it. */
  | { readonly type: 'loggedOut'; readonly node: string; readonly iqn: string }
  | { readonly type: 'notAbandoned'; readonly volume: string; readonly attempt: number; readonly reason: string }
  | { readonly type: 'leftCluster'; readonly claim: string; readonly result: 'changed' | 'unchanged' }
  | { readonly type: 'verifying'; readonly node: string; readonly news: StepNews };
