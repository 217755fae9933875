import { UserError } from '../../core/problems';

/** The operator wants the work to end. */
export class Interrupted extends UserError {}
