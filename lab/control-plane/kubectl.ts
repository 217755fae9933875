import { spawn } from 'node:child_process';

/** Runs kubectl and returns its output; its complaint is the error's message. */
export function kubectl(program: string, kubeconfig: string, args: readonly string[], stdin?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { ...process.env, KUBECONFIG: kubeconfig } });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`kubectl ${args.join(' ')} ended with ${code}:\n${stderr}${stdout}`));
    });
    // It may end without reading everything, when the arguments are wrong.
    child.stdin.on('error', () => {});
    child.stdin.end(stdin ?? '');
  });
}
