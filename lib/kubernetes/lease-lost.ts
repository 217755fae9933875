import { UserError } from '../core/problems';

/** Another process has taken over the lease: this process must do nothing more. */
export class LeaseLost extends UserError {
  constructor(message: string, options: ErrorOptions = {}) {
    super(message, { ...options, category: 'refused', code: 'lease-lost' });
  }
}
