import { Migrator } from '../migration/migrator';
import { kubectlOwners, type OwnerFactories } from '../owners/registry';
import { eventText } from './views/event-text';

/** Owners of apps that are applied with kubectl or by Pulumi, which is loaded only where an app needs it. */
const owners: OwnerFactories = {
  ...kubectlOwners,
  pulumi: async (props) => (await import('../pulumi/owners.js')).pulumiOwners.pulumi(props),
};

/**
 * The migrator of a command.
 *
 * @param options.isQuiet prints no progress. @default false
 */
export function openMigrator(
  file: string,
  { isQuiet = false }: { readonly isQuiet?: boolean } = {},
): Promise<Migrator> {
  return Migrator.open({
    file,
    owners,
    ...(!isQuiet && { report: (event, app) => console.log(eventText(event, app)) }),
  });
}
