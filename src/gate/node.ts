/**
 * `call-button/gate/node`: runs a Fetch handler on `node:http`, on Express, or on anything else with its requests.
 */

/** What is used of `http.IncomingMessage`; structural, so that nothing here needs Node's types. */
export interface NodeRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly socket: { readonly remoteAddress?: string | undefined };
  readonly readableEnded: boolean;
  on(event: 'data', listener: (chunk: Uint8Array<ArrayBuffer>) => void): unknown;
  on(event: 'end' | 'close', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  pause(): unknown;
  resume(): unknown;
}

/** What is used of `http.ServerResponse`. */
export interface NodeResponse {
  statusCode: number;
  readonly headersSent: boolean;
  readonly writableFinished: boolean;
  setHeader(name: string, value: string | string[]): unknown;
  end(body?: Uint8Array): unknown;
  destroy(): unknown;
  on(event: 'close', listener: () => void): unknown;
}

/** Context that a handler gets: `clientIp: (_request, context) => context?.remoteAddress`, unless a proxy is in front. */
export interface NodeContext {
  readonly remoteAddress: string | undefined;
}

export interface NodeListenerOptions {
  /** Largest request body in bytes, 413 beyond it. Default 65 536; the gate has a lower limit of its own. */
  readonly maxBody?: number;
  /** A handler that rejected, or a request that no `Request` can be made of; the client gets 500 or 400. */
  readonly onError?: (error: unknown) => void;
}

const METHODS_WITHOUT_BODY = ['GET', 'HEAD'];

/**
 * A listener for `http.createServer`, or for Express in front of any body parser. The request's signal is aborted when the client goes away before the answer.
 * Answers are sent whole: not for streams. The host of `request.url` is always `localhost`, since the `Host` header
 * is the client's own claim.
 */
export function toNodeListener(
  handler: (request: Request, context: NodeContext) => Promise<Response>,
  { maxBody = 65_536, onError }: NodeListenerOptions = {},
): (request: NodeRequest, response: NodeResponse) => void {
  async function answer(incoming: NodeRequest, outgoing: NodeResponse): Promise<void> {
    const gone = new AbortController();
    outgoing.on('close', () => {
      if (!outgoing.writableFinished) gone.abort();
    });
    const body = createBody(incoming, maxBody);
    let request: Request;
    try {
      request = createRequest(incoming, body.stream, gone.signal);
    } catch (error) {
      onError?.(error);
      sendProblem(outgoing, 400, 'Bad Request');
      return;
    }
    const { remoteAddress } = incoming.socket;
    const response = await handler(request, { remoteAddress }).catch((error: unknown) => {
      if (body.isTooLarge()) return null;
      throw error;
    });
    if (response === null || body.isTooLarge()) {
      sendProblem(outgoing, 413, 'Content Too Large');
      return;
    }
    const bytes = new Uint8Array(await response.arrayBuffer());
    outgoing.statusCode = response.status;
    for (const [name, value] of response.headers) {
      if (name !== 'set-cookie') outgoing.setHeader(name, value);
    }
    const cookies = response.headers.getSetCookie();
    if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies);
    outgoing.end(bytes);
  }

  return (incoming, outgoing) => {
    void answer(incoming, outgoing)
      .catch((error: unknown) => {
        onError?.(error);
        if (outgoing.headersSent) outgoing.destroy();
        else sendProblem(outgoing, 500, 'Internal Server Error');
      })
      // what the handler left unread would block the connection's next request
      .finally(() => incoming.resume());
  };
}

function createRequest(
  { method = 'GET', url = '/', headers: given }: NodeRequest,
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(given)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined) headers.append(name, item);
    }
  }
  // a path as it is, even one that begins with `//`; or the absolute form that proxies get (RFC 9112 §3.2.2)
  const target = url.startsWith('/') ? `http://localhost${url}` : url;
  // `duplex` is required with a stream; TypeScript's DOM types do not know it
  const withBody: RequestInit & { duplex: 'half' } = { body, duplex: 'half' };
  const more = METHODS_WITHOUT_BODY.includes(method) ? {} : withBody;
  return new Request(target, { method, headers, signal, ...more });
}

/**
 * The body as a stream that reads no faster than its consumer. Not Node's own iterator or `Readable.toWeb`: leaving
 * those early destroys the socket, and with it the answer.
 */
function createBody(
  incoming: NodeRequest,
  maxBody: number,
): { stream: ReadableStream<Uint8Array>; isTooLarge: () => boolean } {
  let size = 0;
  let open = true;
  let started = false;
  const start = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    started = true;
    if (incoming.readableEnded) {
      // a body parser was faster: better an error than to wait for an end that has been
      controller.error(new Error('the request body was already read'));
      return;
    }
    const finish = (settle: () => void) => {
      if (open) settle();
      open = false;
    };
    incoming.on('data', (chunk) => {
      size += chunk.byteLength;
      if (size > maxBody) {
        finish(() => controller.error(new RangeError('request body is too large')));
      } else if (open) {
        controller.enqueue(chunk);
        incoming.pause();
      }
    });
    incoming.on('end', () => finish(() => controller.close()));
    incoming.on('error', (error) => finish(() => controller.error(error)));
    incoming.on('close', () => finish(() => controller.error(new Error('client is gone'))));
  };
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (!started) start(controller);
        incoming.resume();
      },
      cancel() {
        open = false;
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, isTooLarge: () => size > maxBody };
}

function sendProblem(response: NodeResponse, status: number, title: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/problem+json');
  response.setHeader('Cache-Control', 'no-store');
  response.end(new TextEncoder().encode(JSON.stringify({ type: 'about:blank', title, status })));
}
