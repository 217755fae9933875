import { Migrator } from '../migration/migrator';
import { kubectlOwners, type OwnerFactories } from '../owners/registry';
import { type OutputOptions, printProgress } from './result';
import { eventText } from './views/event-text';

/** Owners of apps that are applied with kubectl or by Pulumi, which is loaded only where an app needs it. */
const owners: OwnerFactories = {
  ...kubectlOwners,
  pulumi: async (props) => (await import('../pulumi/owners.js')).pulumiOwners.pulumi(props),
};

/**
 * The migrator of a command.
 *
 * @param options.json progress goes to stderr. @default false
 */
export function openMigrator(file: string, output: OutputOptions = {}): Promise<Migrator> {
  return Migrator.open({
    file,
    owners,
    report: (event, app) => printProgress(output, eventText(event, app)),
  });
}
