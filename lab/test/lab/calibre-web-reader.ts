/** A user of Calibre-Web in a browser. */
export class CalibreWebReader {
  private readonly cookies = new Map<string, string>();

  /** @param url of the app, without a path */
  constructor(private readonly url: string) {}

  /** @returns whether the login succeeds */
  async logIn(username: string, password: string): Promise<boolean> {
    const { status } = await this.submit('/login', { username, password });
    // A failed login shows the same page again.
    return status === 302;
  }

  /** The content of a page; empty if it redirects. */
  async read(path: string): Promise<string> {
    return (await this.ask(path)).text();
  }

  /** Fills in the form of a page. */
  async submit(path: string, fields: Readonly<Record<string, string>>): Promise<Response> {
    const token = /name="csrf_token" value="([^"]*)"/.exec(await this.read(path))?.[1];
    if (!token) throw new Error(`${this.url}${path} has no form`);
    return this.ask(path, new URLSearchParams({ ...fields, csrf_token: token }));
  }

  private async ask(path: string, body?: URLSearchParams): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(`${this.url}${path}`, {
      ...(body && { method: 'POST', body }),
      headers: { cookie },
      redirect: 'manual',
      signal: AbortSignal.timeout(60_000),
    });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      this.cookies.set(name, value);
    }
    return response;
  }
}
