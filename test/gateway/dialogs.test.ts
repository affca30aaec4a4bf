/** What a PBX does with a call that is established: hold, moves, refreshes, silence, the end. Played by SIPp. */
import assert from 'node:assert/strict';
import { after, afterEach, describe, it } from 'node:test';
import { NOTHING_OPEN } from '../support/e2e.js';
import { useBefore } from '../support/hooks.js';
import { until } from '../support/until.js';
import { openEcho, type Echo } from './support/echo.js';
import { FAREWELL, type FarCall } from './support/far-call.js';
import type { Sdp, Step } from './support/scenario.js';
import { useCaller, useGateway } from './support/use-world.js';

const world = useGateway();
const { dial } = useCaller(world);
let echo: Echo;
useBefore(async () => {
  echo = await openEcho();
});
after(() => echo.close());
afterEach(() => {
  echo.speaks = true;
});

/** A call that is answered, and then does this. */
async function established(steps: readonly Step[], sdp: Sdp = 'answer'): Promise<FarCall> {
  const call = await dial([
    { reply: '200 OK', sdp },
    { receive: 'ACK' },
    { pauseMs: 1500 },
    ...steps,
  ]);
  await call.waitForState('established');
  await call.flows();
  return call;
}

const reinvite = (sdp?: Sdp, headers: readonly string[] = []): readonly Step[] => [
  { request: 'INVITE', headers, ...(sdp === undefined ? {} : { sdp }) },
  { receiveReply: 100, optional: true },
  { receiveReply: 200 },
];
const acknowledge: Step = { request: 'ACK' };

const repliesTo = (messages: string, cseq: string): string[] =>
  messages
    .split(/^-{10,}.*$/m)
    .filter((text) => text.includes(' message received') && /^SIP\/2\.0 [2-6]/m.test(text))
    .filter((text) => new RegExp(`^CSeq: \\d+ ${cseq}\\b`, 'm').test(text));

describe('a PBX in the call', () => {
  it('hangs up: the caller is told so, and nothing stays open', async () => {
    const { waitForState, reason, open, far, callId } = await established([
      { request: 'BYE' },
      { receiveReply: 200 },
    ]);
    await waitForState('ended');
    assert.equal(await reason(), 'remote-hung-up');
    await far.done;
    assert.deepEqual(await open(), NOTHING_OPEN);
    assert.equal((await world.callLine(await callId())).end, 'callee');
  });

  it('holds and retrieves the call', async () => {
    const { waitForState, flows, hangUp, far } = await established([
      ...reinvite('hold'),
      acknowledge,
      { pauseMs: 1000 },
      ...reinvite('answer'),
      acknowledge,
      ...FAREWELL,
    ]);
    await waitForState('held');
    await waitForState('established');
    await flows();
    await hangUp();
    const [held, retrieved] = repliesTo(await far.messages(), 'INVITE');
    assert.match(held!, /^a=recvonly/m);
    assert.match(retrieved!, /^a=sendrecv/m);
  });

  it('moves its media to another address: sound goes there, and comes from there', async () => {
    const moved = await openEcho();
    const { flows, hangUp } = await established(
      [...reinvite(moved.port), acknowledge, ...FAREWELL],
      echo.port,
    );
    assert.ok(echo.heard > 0);
    await until(() => moved.heard > 20);
    echo.speaks = false;
    const before = echo.heard;
    await flows();
    assert.equal(echo.heard, before, 'nothing more goes to the old one');
    await hangUp();
    moved.close();
  });

  it('asks for an offer: it gets one, and the call goes on as it answers', async () => {
    const moved = await openEcho();
    const { flows, hangUp, far } = await established([
      ...reinvite(),
      { request: 'ACK', sdp: moved.port },
      ...FAREWELL,
    ]);
    await until(() => moved.heard > 20);
    await flows();
    await hangUp();
    const [offer] = repliesTo(await far.messages(), 'INVITE');
    assert.match(offer!, /^m=audio \d+ RTP\/AVP /m);
    assert.doesNotMatch(offer!, /a=(?:candidate|ice-|fingerprint)/);
    moved.close();
  });

  it('transfers by REFER: it is refused, nothing is dialled, and the call goes on', async () => {
    const before = await world.counter('call_gateway_refused_total{why="method"}');
    const { flows, hangUp, state } = await established([
      { request: 'REFER', headers: ['Refer-To: <sip:+8835100@evil.example>'] },
      { receiveReply: 405 },
      ...FAREWELL,
    ]);
    await until(
      async () => (await world.counter('call_gateway_refused_total{why="method"}')) > before,
    );
    await flows();
    assert.equal(await state(), 'established');
    assert.equal(await world.counter('call_gateway_calls'), 1);
    await hangUp();
  });

  it('refreshes the session, by UPDATE and by re-INVITE', async () => {
    const timer = ['Supported: timer', 'Session-Expires: 1800;refresher=uac'];
    const { waitForState, flows, hangUp, far } = await established([
      { request: 'UPDATE', headers: timer },
      { receiveReply: 200 },
      ...reinvite('answer', timer),
      acknowledge,
      ...FAREWELL,
    ]);
    await until(async () => repliesTo(await far.messages(), 'INVITE').length > 0);
    await waitForState('established');
    await flows();
    await hangUp();
    const messages = await far.messages();
    for (const method of ['UPDATE', 'INVITE']) {
      const [reply] = repliesTo(messages, method);
      assert.match(reply!, /^SIP\/2\.0 200/m, method);
      assert.match(reply!, /^Session-Expires: 1800;refresher=uac/m, method);
    }
  });

  it('is silent for some seconds: the call stays, and sound comes again', async () => {
    const { page, received, flows, hangUp, state } = await established([...FAREWELL], echo.port);
    echo.speaks = false;
    await until(async () => {
      const before = await received();
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 500)));
      return (await received()) === before;
    });
    const heard = echo.heard;
    await until(() => echo.heard > heard + 100);
    assert.equal(await state(), 'established');
    echo.speaks = true;
    await flows();
    await hangUp();
  });
});
