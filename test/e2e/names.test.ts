/** What a visitor types as a name: a clear message, or a From header that the callee reads correctly. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NameAddrHeader } from 'sip.js/lib/grammar/name-addr-header.js';
import { Grammar } from 'sip.js/lib/grammar/grammar.js';
import { openPage, startWorld } from '../support/e2e.js';
import { useShared } from '../support/hooks.js';

/** The header fields of an initial INVITE; nothing else may ever appear. */
const HEADERS = [
  'Via',
  'Max-Forwards',
  'To',
  'From',
  'Call-ID',
  'CSeq',
  'Contact',
  'X-Call-Pass',
  'User-to-User',
  'Allow',
  'Supported',
  'User-Agent',
  'Content-Type',
  'Content-Length',
];

const world = useShared(() => startWorld({ ringMs: 0 }));
const open = useShared(() =>
  openPage(world, { attributes: { target: 'busy', context: '{"page":"/a"}' } }),
);

async function toForm(): Promise<void> {
  const { page, state } = open;
  await page.evaluate(() => document.querySelector('call-button')!.open());
  // by the state: what is drawn comes a moment later
  if ((await state()) === 'ended') await page.getByRole('button', { name: 'Call again' }).click();
}

async function inviteAs(name: string): Promise<{ headers: string[]; from: string }> {
  const { page, waitForState } = open;
  await toForm();
  await page.getByLabel('Your name').fill(name);
  await page.getByRole('button', { name: /^Start/ }).click();
  await waitForState('ended');
  const raw = world.service.lastInviteRaw!;
  const lines = raw.slice(0, raw.indexOf('\r\n\r\n')).split('\r\n').slice(1);
  const from = lines.find((line) => line.startsWith('From: '))!.slice('From: '.length);
  return { headers: lines.map((line) => line.slice(0, line.indexOf(':'))), from };
}

describe('the caller’s name', () => {
  const names: readonly (readonly [string, string])[] = [
    ['Ada Lovelace', 'Ada Lovelace'],
    ['O’Brien, "Bob" <sip:evil@example.com>', 'O’Brien, ″Bob″ ‹sip:evil@example.com›'],
    ['a\\', 'a∖'],
    ['Eve\r\nX-Evil: 1\r\n\r\nbody', 'Eve X-Evil: 1 body'],
    ['\u202Emoc.live\u202C', 'moc.live'],
    ['👩‍💻 Zoë', '👩‍💻 Zoë'],
    ['يوسف الخالد', 'يوسف الخالد'],
    ['שרה;tag=1', 'שרה;tag=1'],
    ['%0d%0aX-Evil: 1', '%0d%0aX-Evil: 1'],
  ];
  for (const [typed, read] of names) {
    it(`${JSON.stringify(typed)} reaches the callee as ${JSON.stringify(read)}`, async () => {
      const { headers, from } = await inviteAs(typed);
      assert.deepEqual(
        headers.filter((name) => !HEADERS.includes(name)),
        [],
      );
      assert.equal(new Set(headers).size, headers.length, 'a header twice');
      const parsed = Grammar.nameAddrHeaderParse(from);
      assert.ok(parsed instanceof NameAddrHeader, from);
      assert.equal(parsed.displayName, read);
      assert.equal(parsed.uri.user, 'anonymous');
      assert.ok(parsed.hasParam('tag'));
    });
  }

  for (const [typed, words] of [
    ['', 'Please enter your name.'],
    ['  \u200b ', 'Please enter your name.'],
    ['x'.repeat(10_000), 'Please use at most 64 characters.'],
  ] as const) {
    it(`${typed.length} characters of ${JSON.stringify(typed.slice(0, 5))}: a message, and no call`, async () => {
      const { page, state } = open;
      await toForm();
      const { lastInviteRaw } = world.service;
      const name = page.getByLabel('Your name');
      await name.fill(typed);
      await page.getByRole('button', { name: /^Start/ }).click();
      await page.getByText(words).waitFor();
      assert.equal(await name.getAttribute('aria-invalid'), 'true');
      assert.ok(
        await name.evaluate((input) => (input.getRootNode() as ShadowRoot).activeElement === input),
      );
      assert.equal(await state(), 'idle');
      assert.equal(world.service.lastInviteRaw, lastInviteRaw);
    });
  }

  it('carries the context as an untrusted User-to-User header', async () => {
    await inviteAs('Ada');
    const hex = Buffer.from('{"page":"/a"}').toString('hex');
    assert.match(
      world.service.lastInviteRaw!,
      new RegExp(`\\r\\nUser-to-User: ${hex};encoding=hex;purpose=call-button\\r\\n`),
    );
  });
});
