import type { OwnerFactories } from '../owners/registry';
import { PulumiOwner } from './owner';

/** Lets a `Migrator` move apps that a stack of the user's own Pulumi project applies. */
export const pulumiOwners: Required<Pick<OwnerFactories, 'pulumi'>> = { pulumi: (props) => new PulumiOwner(props) };
