import type { Page } from 'playwright-core';

/** Everything in a JSON document that is text of some length: tokens, passes, keys. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.length > 5 ? [value, ...value.split('.')] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/**
 * What nobody but gate and gateway may read of the page's calls, gathered from the wire from now on: tokens, passes,
 * addresses, tags, and words of descriptions; and `more`.
 */
export function collectSecrets(page: Page, more: readonly string[]): Set<string> {
  const secrets = new Set([...more, 'candidate:', 'm=audio', 'fingerprint']);
  // answers of the gate: challenge and pass; requests to it: the token
  page.on('response', (response) => {
    if (!response.url().includes('/call-gate/')) return;
    response.json().then(
      (body) => textsIn(body).forEach((text) => secrets.add(text)),
      () => {},
    );
  });
  page.on('request', (request) => {
    const body = request.postDataJSON() as unknown;
    textsIn(body).forEach((text) => secrets.add(text));
  });
  page.on('websocket', (socket) => {
    const read = ({ payload }: { payload: string | Buffer }): void => {
      const text = String(payload);
      for (const [word] of text.matchAll(/\d+\.\d+\.\d+\.\d+|[\da-f]*:[\da-f]*:[\da-f:]+/gi)) {
        if (word.length > 3) secrets.add(word);
      }
      for (const [, word] of text.matchAll(/(?:tag=|branch=|ice-pwd:|ice-ufrag:)([^;\s]+)/g)) {
        if (word!.length > 3) secrets.add(word!);
      }
    };
    socket.on('framesent', read);
    socket.on('framereceived', read);
  });
  return secrets;
}
