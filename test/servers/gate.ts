/** A door before a server: clients reach it through a port of its own, as long as it lets them, and as far. */
import { connect, createServer } from 'node:net';

export interface Gate {
  readonly port: number;
  /** Cuts each connection, from now on, when the server has sent so many bytes over it. */
  cutAfter(bytes: number): void;
  /** Refuses whoever comes, and cuts who is there. */
  shut(): Promise<void>;
}

/** Opens a gate before a port of this machine or a socket. */
export async function openGate(place: number | string): Promise<Gate> {
  let limit = Number.POSITIVE_INFINITY;
  const open = new Set<() => void>();
  const server = createServer((client) => {
    const behind = typeof place === 'number' ? connect(place, '127.0.0.1') : connect(place);
    const cut = () => {
      // What has been let through arrives, however slow the client is.
      client.destroySoon();
      behind.destroy();
      open.delete(cut);
    };
    let sent = 0;
    behind.on('data', (bytes) => {
      const left = Math.max(0, limit - sent);
      sent += bytes.length;
      client.write(bytes.subarray(0, left));
      if (bytes.length > left) cut();
    });
    client.on('data', (bytes) => behind.write(bytes));
    for (const socket of [client, behind]) socket.on('error', cut).on('close', cut);
    open.add(cut);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    cutAfter: (bytes) => {
      limit = bytes;
    },
    shut: async () => {
      const closed = new Promise((done) => server.close(done));
      for (const cut of open) cut();
      await closed;
    },
  };
}
