import { UserError } from '../../core/problems';
import type { CutoverContext } from './cutover-context';

/** The operator wants the work to end. */
export class Interrupted extends UserError {
  constructor(message: string, options: ErrorOptions = {}) {
    super(message, { ...options, category: 'interrupted' });
  }
}

/** For work that ends with an app that runs: until then only a lost lease stops it. */
export function toItsEnd<Site extends Pick<CutoverContext, 'mayGoOn'>>(site: Site): Site {
  const mayGoOn = () => {
    try {
      site.mayGoOn();
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
    }
  };
  return { ...site, mayGoOn };
}
