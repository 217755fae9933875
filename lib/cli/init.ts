export async function init(folder: string): Promise<void> {
  throw new Error(folder);
}
