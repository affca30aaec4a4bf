/** The page and the gate of `npm start`, for a gateway that listens elsewhere. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createMemoryStore } from '../../src/gate/index.js';
import { createServiceGate, type CaptchaChoice, type GateOverrides } from '../service/gate.js';
import { createOrigins, type Origins } from '../service/http/origins.js';
import { createSite } from '../service/http/site.js';

export interface PageServer {
  /** `http://127.0.0.1:8080/` */
  readonly url: string;
  readonly gateUrl: string;
  readonly origins: Origins;
  /** Before a gateway is there, its pages cannot call. */
  serve(options: ServeOptions): void;
  close(): Promise<void>;
}

export interface ServeOptions {
  readonly sipUrl: string;
  readonly aliases: readonly string[];
  readonly captcha: CaptchaChoice;
  readonly secrets: { readonly jwt: string; readonly digest: string; readonly altcha: string };
  readonly gate?: GateOverrides;
  /** Default: the demo's. */
  readonly pages?: string;
  readonly dist: () => Promise<string>;
  readonly onFault: (error: unknown) => void;
}

function listen(server: Server, host: string, port: number, further: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      server.off('listening', onListening);
      if (error.code !== 'EADDRINUSE' || further === 0) reject(error);
      else resolve(listen(server, host, port + 1, further - 1));
    };
    const onListening = (): void => {
      server.off('error', onError);
      resolve((server.address() as AddressInfo).port);
    };
    server.once('error', onError).once('listening', onListening).listen(port, host);
  });
}

/** Takes the port; the gateway has to know the origins that come of it before anything is served. */
export async function openPageServer(options: {
  readonly host: string;
  readonly port: number;
  readonly furtherPorts?: number;
  readonly origins?: readonly string[];
}): Promise<PageServer> {
  const { host } = options;
  const server = createServer();
  const port = await listen(server, host, options.port, options.furtherPorts ?? 0);
  const origins = createOrigins(host, port, options.origins ?? []);
  const authority = `${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`;
  return {
    url: `http://${authority}/`,
    gateUrl: `http://${authority}/call-gate`,
    origins,
    serve({ sipUrl, aliases, captcha, secrets, gate, pages, dist, onFault }) {
      const store = createMemoryStore();
      server.on(
        'request',
        createSite({
          pages: pages ?? fileURLToPath(new URL('../', import.meta.url)),
          dist,
          origins,
          gate: createServiceGate({
            aliases,
            origins: origins.list,
            captcha,
            secrets,
            store,
            overrides: gate ?? {},
          }),
          captcha: {
            provider: captcha.provider,
            sitekey: 'sitekey' in captcha ? captcha.sitekey : null,
          },
          // people answer at telephones of the PBX
          agent: null,
          onFault,
          sipUrl,
        }),
      );
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
