import { Refusal } from './problem.js';

/** Largest request body, in bytes: a token of 8 KB, a name, and room. */
export const BODY_MAX = 16_384;

/**
 * The members of a JSON object from a request of type `application/json`, and of no other: a form or plain text
 * would reach us from any site without a CORS preflight. The size is counted while the body arrives.
 *
 * @throws Refusal `unsupported-media-type`, `payload-too-large` or `bad-request`.
 */
export async function readJson(request: Request): Promise<Readonly<Record<string, unknown>>> {
  const [type = ''] = (request.headers.get('Content-Type') ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/json') {
    throw new Refusal('unsupported-media-type');
  }
  if (Number(request.headers.get('Content-Length')) > BODY_MAX) {
    throw new Refusal('payload-too-large');
  }
  const value = parse(await readText(request));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal('bad-request', { reason: 'not-an-object' });
  }
  return value as Readonly<Record<string, unknown>>;
}

async function readText({ body }: Request): Promise<string> {
  if (body === null) return '';
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  // fatal: bytes that are no UTF-8 must not become a name full of replacement characters
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let size = 0;
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      size += chunk.value.byteLength;
      if (size > BODY_MAX) break;
      text += decoder.decode(chunk.value, { stream: true });
    }
    if (size <= BODY_MAX) return text + decoder.decode();
  } catch {
    throw new Refusal('bad-request', { reason: 'body-unreadable' });
  }
  // not awaited: the client may be slow to take notice
  reader.cancel().catch(() => {});
  throw new Refusal('payload-too-large');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal('bad-request', { reason: 'not-json' });
  }
}
