import { expect } from 'chai';
import { CallError } from '../../src/call/errors.js';
import { DIGITS_MAX, Phone } from '../../src/call/phone.js';
import type { PhoneSnapshot } from '../../src/call/phone-snapshot.js';
import {
  ADA,
  createFakePhoneWorld,
  type FakeAnsweringMedia,
  type FakeIncomingCall,
  type FakePhoneWorld,
  PHONE_ACCOUNT,
} from '../support/fake-phone.js';
import { turn } from '../support/sip-call.js';

interface Desk {
  readonly world: FakePhoneWorld;
  readonly phone: Phone;
  /** States, in order, without repetition. */
  readonly states: string[];
  readonly snapshots: PhoneSnapshot[];
}

function createDesk(): Desk {
  const world = createFakePhoneWorld();
  const states: string[] = [];
  const snapshots: PhoneSnapshot[] = [];
  const phone = new Phone(world, (snapshot, previous) => {
    snapshots.push(snapshot);
    if (snapshot.state !== previous.state) states.push(snapshot.state);
  });
  return { world, phone, states, snapshots };
}

function registered(): Desk {
  const desk = createDesk();
  desk.phone.open(PHONE_ACCOUNT);
  desk.world.lines[0]!.events.onRegistration({ state: 'registered' });
  return desk;
}

interface Talk extends Desk {
  readonly call: FakeIncomingCall;
  readonly media: FakeAnsweringMedia;
}

async function talking({ video = false } = {}): Promise<Talk> {
  const desk = registered();
  const call = desk.world.call();
  const answering = desk.phone.answer({ video });
  const media = desk.world.medias[0]!;
  media.opened[0]!.resolve({ video });
  await answering;
  media.report({ remoteVideo: true, localVideo: video });
  media.events.onConnected();
  call.events!.onConfirmed();
  expect(desk.phone.snapshot.state).to.equal('established');
  return { ...desk, call, media };
}

describe('a phone', () => {
  describe('registration', () => {
    it('is reported as it goes, and the line is opened once', () => {
      const { world, phone } = createDesk();
      expect(phone.snapshot.registration).to.deep.equal({ state: 'unregistered' });
      phone.open(PHONE_ACCOUNT);
      expect(world.lines[0]).to.include({ opened: 1, account: PHONE_ACCOUNT });
      expect(phone.snapshot.registration).to.deep.equal({ state: 'registering' });
      const failed = {
        state: 'failed',
        reason: 'not-allowed',
        status: 401,
        retrying: false,
      } as const;
      world.lines[0]!.events.onRegistration(failed);
      expect(phone.snapshot.registration).to.equal(failed);
      expect(world.sounds).to.deep.equal(['unlock']);
    });

    it('of an account that cannot be is a failure, not an exception', () => {
      const { world, phone } = createDesk();
      world.failLine = new CallError('misconfigured', 'not a user name');
      phone.open(PHONE_ACCOUNT);
      expect(phone.snapshot.registration).to.deep.equal({
        state: 'failed',
        reason: 'misconfigured',
        retrying: false,
      });
      world.failLine = null;
      phone.open(PHONE_ACCOUNT);
      expect(phone.snapshot.registration).to.deep.equal({ state: 'registering' });
    });

    it('ends with close; what the old line says then is not heard', async () => {
      const { world, phone } = registered();
      const closed = phone.close();
      expect(world.lines[0]!.closed).to.equal(1);
      expect(phone.snapshot.registration).to.deep.equal({ state: 'unregistered' });
      world.lines[0]!.events.onRegistration({ state: 'registered' });
      expect(phone.snapshot.registration).to.deep.equal({ state: 'unregistered' });
      expect(world.call().events).to.equal(null);
      world.lines[0]!.drained.resolve(undefined);
      await closed;
      await phone.close();
      expect(world.lines[0]!.closed).to.equal(1);
      expect(world.sounds).to.deep.equal(['unlock', 'closed']);
    });

    it('again with another account leaves the first', () => {
      const { world, phone } = registered();
      phone.open({ ...PHONE_ACCOUNT, user: 'other' });
      expect(world.lines.map(({ closed }) => closed)).to.deep.equal([1, 0]);
      world.lines[0]!.events.onRegistration({ state: 'registered' });
      expect(phone.snapshot.registration).to.deep.equal({ state: 'registering' });
    });
  });

  describe('that rings', () => {
    it('shows who calls, and opens no device', () => {
      const { world, phone } = registered();
      world.call();
      expect(phone.snapshot.state).to.equal('ringing');
      expect(phone.snapshot.caller).to.deep.equal(ADA);
      expect(world.medias).to.have.length(0);
      expect(world.sounds).to.deep.equal(['unlock', 'ring']);
    });

    it('is busy for everybody else, until the call is over', async () => {
      const { world, phone, states } = registered();
      const first = world.call();
      expect(world.call().events).to.equal(null);
      phone.decline();
      expect(phone.snapshot.state).to.equal('ending');
      expect(world.call().events).to.equal(null);
      first.drained.resolve(undefined);
      await turn();
      expect(world.call({ name: 'Grace' }).events).not.to.equal(null);
      expect(phone.snapshot.caller?.name).to.equal('Grace');
      expect(states).to.deep.equal(['ringing', 'ending', 'idle', 'ringing']);
    });

    for (const refusal of ['busy', 'declined', 'unavailable'] as const) {
      it(`can be refused: ${refusal}`, async () => {
        const { world, phone } = registered();
        const call = world.call();
        phone.decline(refusal);
        expect(call.refusals).to.deep.equal([refusal]);
        call.drained.resolve(undefined);
        await turn();
        expect(phone.snapshot).to.include({ state: 'idle', caller: null });
        expect(phone.snapshot.last).to.deep.equal({
          reason: 'declined',
          caller: ADA,
          durationMs: 0,
        });
        expect(world.sounds.at(-1)).to.equal('quiet');
      });
    }

    for (const reason of [
      'missed',
      'answered-elsewhere',
      'no-answer',
      'connection-lost',
    ] as const) {
      it(`stops when the call ends by itself: ${reason}`, async () => {
        const { world, phone } = registered();
        const call = world.call();
        call.drained.resolve(undefined);
        call.events!.onEnded(reason);
        await turn();
        expect(phone.snapshot.last?.reason).to.equal(reason);
        expect(phone.snapshot.state).to.equal('idle');
        expect(world.sounds.at(-1)).to.equal('quiet');
      });
    }

    it('says unavailable when the page goes', () => {
      const { world, phone } = registered();
      const call = world.call();
      void phone.close();
      expect(call.refusals).to.deep.equal(['unavailable']);
      expect(world.lines[0]!.closed).to.equal(1);
    });
  });

  describe('that is answered', () => {
    it('opens the microphone, answers, and is established when the caller confirms', async () => {
      const { world, phone, states } = registered();
      const call = world.call();
      world.clock.advance(5_000);
      const answering = phone.answer({ video: false });
      const media = world.medias[0]!;
      expect(phone.snapshot.state).to.equal('connecting');
      expect(world.sounds.at(-1)).to.equal('quiet');
      expect(media.calls).to.deep.equal(['play', 'open audio']);
      expect(call.accepted).to.equal(null);
      media.opened[0]!.resolve({ video: false });
      await answering;
      expect(media.configured).to.deep.equal({ servers: [], relayOnly: false });
      expect(call.accepted).to.equal(media);
      expect(phone.snapshot.answeredAt).to.equal(null);
      call.events!.onConfirmed();
      expect(phone.snapshot).to.include({ state: 'established', answeredAt: 5_000 });
      expect(states).to.deep.equal(['ringing', 'connecting', 'established']);
    });

    const PICTURES: [offered: boolean | null, wanted: boolean, opened: boolean, possible: boolean][] =
      [
        [true, true, true, true],
        [true, false, false, true],
        [false, true, false, false],
        [null, true, true, true],
        [null, false, false, false],
      ]; // prettier-ignore
    for (const [offered, wanted, opened, possible] of PICTURES) {
      it(`with${wanted ? '' : 'out'} video, where it is ${offered === null ? 'left to us' : offered ? 'offered' : 'not offered'}, opens ${opened ? 'the' : 'no'} camera`, async () => {
        const { world, phone } = registered();
        world.call({ video: offered });
        const answering = phone.answer({ video: wanted });
        // an m-line for their picture, or for a camera later
        expect(world.videos).to.deep.equal([possible]);
        expect(world.medias[0]!.calls).to.include(`open ${opened ? 'video' : 'audio'}`);
        world.medias[0]!.opened[0]!.resolve({ video: opened });
        await answering;
        expect(phone.snapshot.videoPossible).to.equal(possible);
      });
    }

    it('without a microphone rings on, says why, and can be answered again', async () => {
      const { world, phone, states } = registered();
      const call = world.call();
      const answering = phone.answer({ video: false });
      world.medias[0]!.opened[0]!.reject(new CallError('microphone-denied', 'no'));
      await answering;
      expect(phone.snapshot.state).to.equal('ringing');
      expect(phone.snapshot.notice).to.deep.equal({ unanswered: 'microphone-denied' });
      expect(world.sounds.at(-1)).to.equal('ring');
      expect(world.medias[0]!.closed).to.equal(1);
      expect(call.refusals).to.deep.equal([]);
      const again = phone.answer({ video: false });
      expect(phone.snapshot.notice).to.equal(null);
      world.medias[1]!.opened[0]!.resolve({ video: false });
      await again;
      expect(call.accepted).to.equal(world.medias[1]);
      expect(states).to.deep.equal(['ringing', 'connecting', 'ringing', 'connecting']);
    });

    it('while the caller gives up at the permission prompt lets go of everything', async () => {
      const { world, phone } = registered();
      const call = world.call();
      const answering = phone.answer({ video: false });
      call.events!.onEnded('missed');
      await answering;
      expect(world.medias[0]!.closed).to.equal(1);
      expect(call.accepted).to.equal(null);
      expect(phone.snapshot).to.include({ state: 'ending', notice: null });
      expect(world.sounds.at(-1)).to.equal('quiet');
    });

    it('twice is answered once', async () => {
      const { world, phone } = registered();
      world.call();
      void phone.answer({ video: false });
      await phone.answer({ video: true });
      expect(world.medias).to.have.length(1);
    });

    it('but without media within 10 s hangs up', async () => {
      const { world, phone } = registered();
      const call = world.call();
      const answering = phone.answer({ video: false });
      world.medias[0]!.opened[0]!.resolve({ video: false });
      await answering;
      call.events!.onConfirmed();
      world.clock.advance(9_999);
      expect(phone.snapshot.state).to.equal('established');
      world.clock.advance(1);
      expect(phone.snapshot.last?.reason).to.equal('media-timeout');
      expect(call.refusals).to.have.length(1);
    });
  });

  describe('in a call', () => {
    it('is hung up by us: everything is closed at once', async () => {
      const { world, phone, call, media } = await talking();
      world.clock.advance(61_000);
      phone.hangUp();
      expect(media.closed).to.equal(1);
      expect(call.refusals).to.have.length(1);
      expect(phone.snapshot.last).to.deep.equal({
        reason: 'hung-up',
        caller: ADA,
        durationMs: 61_000,
      });
      expect(phone.snapshot.state).to.equal('ending');
      call.drained.resolve(undefined);
      await turn();
      expect(phone.snapshot).to.include({ state: 'idle', answeredAt: null, caller: null });
      expect(world.clock.pending).to.equal(0);
    });

    it('is hung up by the caller', async () => {
      const { phone, call, media } = await talking();
      call.drained.resolve(undefined);
      call.events!.onEnded('remote-hung-up');
      await turn();
      expect(media.closed).to.equal(1);
      expect(phone.snapshot).to.include({ state: 'idle' });
      expect(phone.snapshot.last?.reason).to.equal('remote-hung-up');
    });

    it('late reports of a call that is over change nothing', async () => {
      const { phone, call, media, snapshots } = await talking();
      phone.hangUp();
      call.drained.resolve(undefined);
      await turn();
      const count = snapshots.length;
      call.events!.onDigit('1');
      call.events!.onConfirmed();
      call.events!.onTransportLost();
      call.events!.onEnded('missed');
      media.report({ held: true });
      media.events.onConnected();
      media.events.onDisconnected();
      media.events.onDeviceLost('audio', false);
      expect(snapshots).to.have.length(count);
    });

    it('mutes the microphone', async () => {
      const { phone, media } = await talking();
      phone.setAudioMuted(true);
      expect(phone.snapshot.audioMuted).to.equal(true);
      phone.setAudioMuted(false);
      expect(media.calls.slice(-2)).to.deep.equal(['audio muted', 'audio on']);
      expect(phone.snapshot.audioMuted).to.equal(false);
    });

    it('turns the camera on by a new offer, and off', async () => {
      const { phone, media, call } = await talking();
      const turning = phone.setVideoMuted(false);
      media.videoMuting!.resolve(undefined);
      await turning;
      media.report({ remoteVideo: true, localVideo: true });
      media.events.onOfferNeeded!();
      expect(call.reinvites.map(({ iceRestart }) => iceRestart)).to.deep.equal([false]);
      expect(phone.snapshot.localVideo).to.equal(true);
      void phone.setVideoMuted(true);
      media.report({ remoteVideo: true, localVideo: false });
      expect(phone.snapshot.localVideo).to.equal(false);
    });

    it('says so when the camera cannot be turned on', async () => {
      const { phone, media } = await talking();
      const turning = phone.setVideoMuted(false);
      media.videoMuting!.reject(new CallError('internal-error', 'no camera'));
      await turning;
      expect(phone.snapshot.notice).to.equal('camera-unavailable');
      phone.dismissNotice();
      expect(phone.snapshot.notice).to.equal(null);
    });

    it('shows the digits of the caller, the latest of them', async () => {
      const { phone, call } = await talking();
      for (const digit of '12#') call.events!.onDigit(digit);
      expect(phone.snapshot.digits).to.equal('12#');
      for (let i = 0; i < 300; i++) call.events!.onDigit(String(i % 10));
      expect(phone.snapshot.digits).to.have.length(DIGITS_MAX);
      expect(phone.snapshot.digits).to.match(/789$/);
    });

    for (const [notice, tell] of [
      ['microphone-lost', ({ media }: Talk) => media.events.onDeviceLost('audio', false)],
      ['camera-lost', ({ media }: Talk) => media.events.onDeviceLost('video', false)],
      ['muted-speaking', ({ media }: Talk) => media.events.onMutedSpeech!()],
      ['sound-blocked', ({ media }: Talk) => media.events.onPlaybackBlocked()],
    ] as const) {
      it(`says ${notice}`, async () => {
        const talk = await talking();
        tell(talk);
        expect(talk.phone.snapshot.notice).to.equal(notice);
      });
    }

    it('plays sound that was held back, from a gesture', async () => {
      const { phone, media } = await talking();
      media.events.onPlaybackBlocked();
      phone.playSound();
      expect(media.calls.at(-1)).to.equal('play');
      expect(phone.snapshot.notice).to.equal(null);
    });
  });

  describe('hold', () => {
    it('is a new offer, and holds once the caller has agreed', async () => {
      const { phone, media, call, states } = await talking();
      const holding = phone.setHold(true);
      expect(media.calls.at(-1)).to.equal('hold');
      expect(phone.snapshot).to.include({ state: 'established', busyWith: 'hold', holding: false });
      // the answer changes the directions before the offer counts as agreed
      media.report({ held: true, remoteAudio: false });
      expect(phone.snapshot).to.include({ heldByCaller: false, state: 'established' });
      call.reinvites[0]!.done.resolve(undefined);
      await holding;
      expect(phone.snapshot).to.include({ state: 'held', holding: true, busyWith: null });
      expect(phone.snapshot.heldByCaller).to.equal(false);
      const retrieving = phone.setHold(false);
      expect(media.calls.at(-1)).to.equal('retrieve');
      media.report({ held: false });
      call.reinvites[1]!.done.resolve(undefined);
      await retrieving;
      expect(phone.snapshot).to.include({ state: 'established', holding: false });
      expect(states.slice(-2)).to.deep.equal(['held', 'established']);
    });

    it('that is refused is none: the media go back to what they were', async () => {
      const { phone, media, call } = await talking();
      const holding = phone.setHold(true);
      call.reinvites[0]!.done.reject(new CallError('media-not-supported', '488'));
      await holding;
      expect(media.calls.slice(-2)).to.deep.equal(['hold', 'retrieve']);
      expect(phone.snapshot).to.include({
        state: 'established',
        holding: false,
        busyWith: null,
        notice: 'hold-refused',
      });
      media.report({ held: true });
      expect(phone.snapshot).to.include({ state: 'held', heldByCaller: true });
    });

    it('whose end is refused goes on', async () => {
      const { phone, media, call } = await talking();
      const holding = phone.setHold(true);
      media.report({ held: true });
      call.reinvites[0]!.done.resolve(undefined);
      await holding;
      const retrieving = phone.setHold(false);
      call.reinvites[1]!.done.reject(new CallError('service-unavailable', '500'));
      await retrieving;
      expect(media.calls.at(-1)).to.equal('hold');
      expect(phone.snapshot).to.include({
        state: 'held',
        holding: true,
        heldByCaller: false,
        notice: 'hold-refused',
      });
    });

    it('of the caller is theirs, also where it comes to light after our own', async () => {
      const { phone, media, call } = await talking();
      media.report({ held: true });
      expect(phone.snapshot).to.include({ state: 'held', heldByCaller: true, holding: false });
      media.report({ held: false });
      expect(phone.snapshot).to.include({ state: 'established', heldByCaller: false });
      const holding = phone.setHold(true);
      media.report({ held: true });
      call.reinvites[0]!.done.resolve(undefined);
      await holding;
      const retrieving = phone.setHold(false);
      // we want to talk again, they do not
      media.report({ held: true });
      call.reinvites[1]!.done.resolve(undefined);
      await retrieving;
      expect(phone.snapshot).to.include({ state: 'held', holding: false, heldByCaller: true });
    });

    it('asked twice, or while another change is on its way, is asked once', async () => {
      const { phone, call } = await talking();
      void phone.setHold(true);
      void phone.setHold(true);
      void phone.setHold(false);
      void phone.transfer('menu');
      expect(call.reinvites).to.have.length(1);
      expect(call.transfers).to.have.length(0);
      call.reinvites[0]!.done.resolve(undefined);
      await turn();
      await phone.setHold(true);
      expect(call.reinvites).to.have.length(1);
    });

    it('leaves the camera alone', async () => {
      const { phone, media, call } = await talking({ video: true });
      void phone.setHold(true);
      call.reinvites[0]!.done.resolve(undefined);
      await turn();
      await phone.setVideoMuted(true);
      expect(media.videoMuting).to.equal(null);
    });

    it('ended by the caller meanwhile is just an end', async () => {
      const { phone, call } = await talking();
      const holding = phone.setHold(true);
      call.events!.onEnded('remote-hung-up');
      await holding;
      expect(phone.snapshot).to.include({ state: 'ending', notice: null });
    });
  });

  describe('transfer', () => {
    it('asks the far end, then leaves', async () => {
      const { phone, call } = await talking();
      const transferring = phone.transfer('menu');
      expect(call.transfers[0]!.target).to.equal('sip:menu@example.com');
      expect(phone.snapshot.busyWith).to.equal('transfer');
      expect(call.refusals).to.deep.equal([]);
      call.transfers[0]!.done.resolve(undefined);
      await transferring;
      expect(call.refusals).to.have.length(1);
      expect(phone.snapshot.last?.reason).to.equal('transferred');
    });

    it('that fails leaves the call as it was', async () => {
      const { phone, call } = await talking();
      const transferring = phone.transfer('menu');
      call.transfers[0]!.done.reject(new CallError('busy', '486'));
      await transferring;
      expect(phone.snapshot).to.include({
        state: 'established',
        busyWith: null,
        notice: 'transfer-failed',
      });
      void phone.transfer('menu');
      expect(call.transfers).to.have.length(2);
    });

    it('that the far end completes by leaving is one, too', async () => {
      const { phone, call } = await talking();
      const transferring = phone.transfer('menu');
      call.drained.resolve(undefined);
      call.events!.onEnded('transferred');
      await transferring;
      expect(phone.snapshot.last?.reason).to.equal('transferred');
      expect(phone.snapshot.notice).to.equal(null);
    });

    it('is not for a call that only rings', async () => {
      const { world, phone } = registered();
      const call = world.call();
      await phone.transfer('menu');
      expect(call.transfers).to.have.length(0);
    });
  });

  describe('trouble', () => {
    it('media lost: a new offer restarts ICE, and 30 s are left for it', async () => {
      const { world, phone, media, call } = await talking();
      media.events.onDisconnected();
      expect(phone.snapshot).to.include({ reconnecting: true, state: 'established' });
      expect(call.reinvites.map(({ iceRestart }) => iceRestart)).to.deep.equal([true]);
      expect(call.checks, 'the socket may have gone the same way').to.equal(1);
      world.clock.advance(29_999);
      media.events.onConnected();
      expect(phone.snapshot.reconnecting).to.equal(false);
      world.clock.advance(60_000);
      expect(phone.snapshot.state).to.equal('established');
    });

    it('another network: the far end is asked, and offered another path, until the call is over', async () => {
      const { world, phone, call } = await talking();
      for (const run of world.networkListeners) run();
      expect(call.checks).to.equal(1);
      expect(call.reinvites.map(({ iceRestart }) => iceRestart)).to.deep.equal([true]);
      phone.hangUp();
      expect(world.networkListeners.size).to.equal(0);
    });

    it('the WebSocket lost: the call goes on, for 30 s at most', async () => {
      const { world, phone, call, media } = await talking();
      call.events!.onTransportLost();
      expect(phone.snapshot.reconnecting).to.equal(true);
      media.events.onDisconnected();
      world.clock.advance(20_000);
      call.events!.onTransportRestored();
      expect(phone.snapshot.reconnecting).to.equal(true);
      world.clock.advance(9_999);
      expect(phone.snapshot.state).to.equal('established');
      world.clock.advance(1);
      expect(phone.snapshot.last?.reason).to.equal('connection-lost');
      expect(media.closed).to.equal(1);
    });

    it('the page goes in the call: BYE, devices off, unregistered', async () => {
      const { world, phone, call, media } = await talking();
      void phone.close();
      expect(call.refusals).to.have.length(1);
      expect(media.closed).to.equal(1);
      expect(world.lines[0]!.closed).to.equal(1);
      expect(phone.snapshot.last?.reason).to.equal('removed');
      expect(world.clock.pending).to.equal(0);
    });
  });
});
