/** How an app tells that it is well: an HTTP path, a TCP port that answers, or a command. */
export type HealthCheck =
  | {
      /** Path (and query) that is asked by HTTP GET. */
      readonly path: string;
      /** Name of the port. Default: the app's first. */
      readonly port?: string;
      /** Default: `HTTP`. */
      readonly scheme?: 'HTTP' | 'HTTPS';
    }
  | {
      /** Name of the TCP port that must accept a connection. */
      readonly tcpPort: string;
    }
  | {
      /** Command whose exit code 0 means well. */
      readonly command: readonly string[];
    };
