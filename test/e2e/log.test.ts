/** What the console reads of real calls, by `log-level`; and that nothing private is in it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CallPage } from '../support/e2e.js';
import { collectSecrets } from '../support/secrets.js';
import { until } from '../support/until.js';
import { useWorld } from '../support/use-world.js';

const { openPage } = useWorld({ ringMs: 100 });

const NAME = 'Zacharias Quillfeather';
const SECRET = 'ticket-5b1e88f0';

async function visit(
  attributes: Readonly<Record<string, string>>,
): Promise<{ on: CallPage; lines: string[] }> {
  const on = await openPage({ attributes });
  const lines: string[] = [];
  on.page.on('console', (message) => {
    lines.push(`${message.type()}: ${message.text()}`);
    // objects are shortened in the text
    for (const value of message.args()) {
      value.jsonValue().then(
        (json) => lines.push(JSON.stringify(json)),
        () => {},
      );
    }
  });
  return { on, lines };
}

async function wholeCall({ page, waitForState }: CallPage, ready?: () => boolean): Promise<void> {
  await page.locator('call-button [part=launcher]:visible').click();
  await page.getByLabel('Your name').fill(NAME);
  if (ready !== undefined) await until(ready);
  await page.getByRole('button', { name: /^Start/ }).click();
  await waitForState('established');
  await until(() =>
    page.evaluate(() => document.querySelector('call-button')!.state.quality?.loss != null),
  );
  await page.evaluate(() => document.querySelector('call-button')!.setAudioMuted(true));
  await page.evaluate(() => document.querySelector('call-button')!.hangUp());
  await waitForState('ended');
}

describe('the console', () => {
  it('with debug has states, SIP, gate, media path and report, and no name, token, pass, address or description', async () => {
    const { on, lines } = await visit({
      'log-level': 'debug',
      media: 'video',
      context: JSON.stringify({ ticket: SECRET }),
    });
    const secrets = collectSecrets(on.page, [NAME, 'Zacharias', SECRET]);
    await wholeCall(on, () => lines.includes('info: <call-button> state: idle'));
    const { callId } = await on.page.evaluate(() => document.querySelector('call-button')!.state);
    await until(() => lines.some((line) => line.includes('received 200 OK to BYE')));
    const wanted = [
      'info: <call-button> idle → requesting-media',
      `info: <call-button> authorizing → connecting, Call-ID ${callId}`,
      'info: <call-button> ringing → established',
      'info: <call-button> established → ending, hung-up',
      'info: <call-button> ending → ended',
      'debug: <call-button> audioMuted: true',
      /^debug: <call-button> gate: challenge, 200, \d+ ms$/,
      /^debug: <call-button> gate: pass, 200, \d+ ms$/,
      /^debug: <call-button> sent INVITE, CSeq \d+, Call-ID [\da-f-]{36}, audio sendrecv \(\d host.*\), video sendrecv/,
      /^debug: <call-button> received 180 Ringing to INVITE, CSeq \d+, /,
      /^debug: <call-button> received 200 OK to INVITE, .*, audio sendrecv/,
      /^debug: <call-button> sent ACK, /,
      /^debug: <call-button> sent BYE, /,
      /^debug: <call-button> quality: (good|medium|poor|bad), loss /,
      /^debug: <call-button> media path: \{"local":"(host|prflx)".*"audio\/opus"/,
      /^debug: <call-button> report: /,
    ];
    for (const line of wanted) {
      const found = lines.some((text) =>
        typeof line === 'string' ? text === line : line.test(text),
      );
      assert.ok(found, `${line}\n${lines.join('\n')}`);
    }
    secrets.delete(callId!);
    assert.ok(secrets.size > 20, 'there was something to look for');
    const said = lines.join('\n').toLowerCase();
    assert.deepEqual(
      [...secrets].filter((text) => said.includes(text.toLowerCase())),
      [],
    );
    assert.doesNotMatch(said, /\d+\.\d+\.\d+\.\d+/);
  });

  it('with info has the course of the call alone', async () => {
    const { on, lines } = await visit({ 'log-level': 'info' });
    await wholeCall(on);
    await until(() => lines.includes('info: <call-button> ending → ended'));
    const first = lines.filter((line) => line.includes('<call-button>') && !line.startsWith('"'));
    assert.ok(
      first.every((line) => /^info: <call-button> [\w-]+(: | → )[\w-]+(, |$)/.test(line)),
      first.join('\n'),
    );
  });

  it('has nothing of a call by default', async () => {
    const { on, lines } = await visit({});
    await wholeCall(on);
    assert.deepEqual(lines, []);
    assert.ok(!on.requests.some((url) => /\/(log|explain)-/.test(url)));
  });

  it('with silent has nothing of what is wrong with the page either', async () => {
    const wrong = { media: 'hologram', 'report-url': 'ftp://example.com', 'ring-timeout': 'soon' };
    const { on, lines } = await visit({ ...wrong, 'log-level': 'silent' });
    await wholeCall(on);
    assert.deepEqual(lines, []);
  });

  it('is told where log-level itself is wrong', async () => {
    const { on, lines } = await visit({ 'log-level': 'loud' });
    await on.page.locator('call-button [part=launcher]:visible').click();
    await until(() => lines.some((line) => line.includes('log-level="loud"; expected: silent,')));
  });
});
