/** How to check an app's health: an HTTP path, a TCP port that accepts connections, or a command. */
export type HealthCheck =
  | {
      /** Path (and query) of an HTTP GET request. */
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
      /** Command that exits with code 0 if the app is healthy. */
      readonly command: readonly string[];
    };
