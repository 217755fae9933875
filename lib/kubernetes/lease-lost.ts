import { UserError } from '../core/problems';

/** Another process is at work now: nothing more may be done from here. */
export class LeaseLost extends UserError {}
