import { executePlans } from '../execute-plans';
import { writeSeals } from '../write-seals';

/** Makes the file systems of an app's first volumes, where nothing was ever on their LUNs. */
export async function format(
  app: string,
  { file, approve = [] }: { readonly file: string; readonly approve?: readonly string[] },
): Promise<void> {
  const command = `lunward format ${app}`;
  const done = await executePlans({
    file,
    apps: [app],
    plan: (workplace) => workplace.planTo('format'),
    command,
    approved: approve,
    afterwards: writeSeals,
  });
  if (done.length > 0) {
    console.log(
      `The volumes of ${app} are ready: commit lunward.lock.json, by which its pods start on these alone, then "pulumi up" may start it.`,
    );
  }
}
