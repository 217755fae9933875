import { UserError } from '../spec/problems';

/** The operator wants the work to end. */
export class Interrupted extends UserError {}
