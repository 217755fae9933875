import type { Finding } from '../../core/advice';
import type { Planned } from './plan';
import type { WantedVolume } from './wanted-volumes';

/** A plan, with remarks for the operator. */
export interface RemarkedPlan {
  readonly planned: Planned;
  readonly remarks: readonly string[];
  /** What is wrong with the app already, and does not refuse the plan. Default: nothing. */
  readonly findings?: readonly Finding[];
  /** Whether it was approved and begun before: it is resumed, and needs no approval. @default false */
  readonly goesOn?: boolean;
}

/** The plan for one volume of an app. */
export interface PlannedVolume extends RemarkedPlan {
  readonly action: WantedVolume['action'];
  readonly mountPath: string;
}
