/** What an ordinary PBX may do with a call, played by SIPp; the caller is a real Chromium. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NOTHING_OPEN } from '../support/e2e.js';
import { until } from '../support/until.js';
import { ANSWER, FAREWELL, RINGING } from './support/far-call.js';
import { openEcho } from './support/echo.js';
import { useCaller, useGateway } from './support/use-world.js';

const world = useGateway({ mediaTimeoutSeconds: 6 });
const { dial } = useCaller(world);

describe('a PBX that refuses', () => {
  const refusals = [
    ['486 Busy Here', [], 'busy'],
    ['480 Temporarily Unavailable', [], 'no-answer'],
    ['603 Decline', [], 'declined'],
    ['404 Not Found', [], 'not-found'],
    // neither where to, nor for whom a challenge is, is the caller's business
    ['302 Moved Temporarily', ['Contact: <sip:+8835100@evil.example>'], 'no-answer'],
  ] as const;
  for (const [status, headers, reason] of refusals) {
    it(`${status}: is told to the caller`, async () => {
      const { waitForState, failures, open, far, callId } = await dial([
        { reply: status, headers },
        { receive: 'ACK' },
      ]);
      await waitForState('ended');
      assert.deepEqual(await failures(), [reason]);
      assert.deepEqual(await open(), NOTHING_OPEN);
      await far.done;
      const line = await world.callLine(await callId());
      assert.deepEqual(
        [line.alias, line.seconds, line.status, line.end],
        ['sipp', 0, Number(status.slice(0, 3)), 'refused'],
      );
    });
  }

  it('503 with Retry-After: the caller is told when to try again', async () => {
    const { page, waitForState, failures, far } = await dial([
      { reply: '503 Service Unavailable', headers: ['Retry-After: 120 (moving house)'] },
      { receive: 'ACK' },
    ]);
    await waitForState('ended');
    assert.deepEqual(await failures(), ['service-unavailable']);
    const outcome = await page.evaluate(() => document.querySelector('call-button')!.state.outcome);
    assert.deepEqual([outcome?.status, outcome?.retryAfter], [503, 120]);
    await far.done;
  });

  it('nobody answers: the caller gives up, and the PBX is told', async () => {
    const { page, waitForState, far } = await dial(
      [
        RINGING,
        { receive: 'CANCEL' },
        { reply: '200 ok' },
        { reply: '487 Request Terminated', of: 'INVITE' },
        { receive: 'ACK' },
      ],
      { 'ring-timeout': '2' },
    );
    await waitForState('ended');
    await page.getByText('Nobody answered.').waitFor();
    await far.done;
  });
});

describe('a PBX that answers', () => {
  it('183 with a description: its announcement is heard before the answer', async () => {
    const { waitForState, flows, hangUp } = await dial([
      { reply: '183 Session Progress', sdp: 'answer' },
      { pauseMs: 2500 },
      ...ANSWER,
      ...FAREWELL,
    ]);
    await waitForState('early-media');
    await flows();
    await waitForState('established');
    await flows();
    await hangUp();
  });

  it('180, and 200 after seconds', async () => {
    const { waitForState, flows, hangUp } = await dial([
      RINGING,
      { pauseMs: 2500 },
      ...ANSWER,
      ...FAREWELL,
    ]);
    await waitForState('early-media');
    await waitForState('established');
    await flows();
    await hangUp();
  });

  it('forked: two telephones ring, one with an announcement, and the other one is picked up', async () => {
    const other = await openEcho();
    const { waitForState, flows, hangUp, far } = await dial([
      { reply: '183 Session Progress', sdp: 'answer', tag: 'a' },
      { reply: '180 Ringing', tag: 'b' },
      { pauseMs: 1500 },
      { reply: '200 OK', sdp: other.port, tag: 'b' },
      { receive: 'ACK' },
      // the caller has an answer of the first telephone already: it offers anew
      { receive: 'INVITE' },
      { reply: '200 OK', sdp: other.port, again: true },
      { receive: 'ACK' },
      ...FAREWELL,
    ]);
    await waitForState('early-media');
    await flows();
    await waitForState('established');
    await until(() => other.heard > 20);
    await flows();
    await hangUp();
    // the ACK and the BYE were for who picked up
    assert.match(await far.messages(), /^BYE [^]*^To: .*;tag=far1b\b/m);
    other.close();
  });

  it('the same over a secure WebSocket', async () => {
    const call = await dial(
      [...ANSWER, ...FAREWELL],
      { server: world.gateway.secureSipUrl! },
      // nobody signed the certificate
      { ignoreHTTPSErrors: true },
    );
    await call.waitForState('established');
    await call.flows();
    const [socket] = await call.page.evaluate(() => kept.sockets.map(({ url }) => url));
    assert.match(socket!, /^wss:/);
    await call.hangUp();
  });
});
