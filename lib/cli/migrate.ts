import { UserError } from '../spec/problems';
import { carryOut } from './carry-out';

/** Fills the newest generations of apps' volumes while the apps go on running. */
export async function migrate(
  apps: readonly string[],
  {
    file,
    approve = [],
    until,
  }: { readonly file: string; readonly approve?: readonly string[]; readonly until?: string },
): Promise<void> {
  if (until !== 'prepare') {
    throw new UserError(
      `Only the first part of a migration is there yet: say --until prepare${until ? `, not --until ${until}` : ''}. Nothing was changed`,
    );
  }
  const command = `lunward migrate ${apps.join(' ')} --until prepare`;
  for (const app of await carryOut({
    file,
    apps,
    plan: (workplace) => workplace.planTo('move'),
    command,
    approved: approve,
  })) {
    console.log(
      `${app} is prepared: it runs on as before, and its new volume holds a copy. Run it again to bring that up to date.`,
    );
  }
}
