/** A way to a PostgreSQL that breaks off: what reaches the server and what comes back is cut after so many bytes. */
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net';
import { join } from 'node:path';

export interface Cutting {
  /** The URL that leads through it. */
  readonly url: string;
  /** Cuts each connection that is made from now on after so many bytes to the server; infinite for none. */
  readonly cutAfter: (bytes: () => number) => void;
  /** How often it was cut. */
  readonly cuts: () => number;
  stop(): void;
}

/** Opens such a way to the server of a URL whose host is the folder of a socket. */
export async function openCutting(url: string): Promise<Cutting> {
  const { username, password, host, pathname } = new URL(url);
  const socket = join(decodeURIComponent(host), '.s.PGSQL.5432');
  let [limit, cuts] = [() => Number.POSITIVE_INFINITY, 0];
  const server = createServer((client) => {
    let left = limit();
    const far = dial(socket);
    tie(client, far);
    client.on('data', (bytes) => {
      left -= bytes.length;
      if (left >= 0) far.write(bytes);
      else {
        cuts++;
        for (const each of [client, far]) each.destroy();
      }
    });
    far.on('data', (bytes) => client.write(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `postgres://${username}:${password}@127.0.0.1:${port}${pathname}`,
    cutAfter: (bytes) => {
      limit = bytes;
    },
    cuts: () => cuts,
    stop: () => server.close(),
  };
}

/** What ends one ends the other. */
function tie(a: Socket, b: Socket): void {
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    one.on('error', () => {});
    one.on('close', () => other.destroy());
  }
}
