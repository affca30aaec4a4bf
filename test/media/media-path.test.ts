import { expect } from 'chai';
import { LOOK_FOR_MS, LOOK_MS, watchFirstPacket } from '../../src/media/first-packet.js';
import { readPath } from '../../src/media/media-path.js';
import type { Stats } from '../../src/media/quality.js';
import { createManualClock } from '../support/manual-clock.js';
import { closeAll, inCall, NEVER } from '../support/media.js';
import { until } from '../support/until.js';

type Entry = Record<string, unknown> & { id: string; type: string };
const statsReport = (...entries: Entry[]): Stats =>
  new Map(entries.map((entry) => [entry.id, entry as { id: string; type: RTCStatsType }]));

const LOCAL = {
  id: 'l',
  type: 'local-candidate',
  candidateType: 'relay',
  protocol: 'udp',
  relayProtocol: 'tls',
  address: '192.0.2.7',
};
const REMOTE = {
  id: 'r',
  type: 'remote-candidate',
  candidateType: 'host',
  address: '198.51.100.9',
  usernameFragment: 'secret',
};
const PAIR = { id: 'p', type: 'candidate-pair', localCandidateId: 'l', remoteCandidateId: 'r' };

describe('readPath', () => {
  for (const [browser, entries] of [
    ['Chromium', [PAIR, { id: 't', type: 'transport', selectedCandidatePairId: 'p' }]],
    ['Firefox', [{ ...PAIR, selected: true }]],
  ] as const) {
    it(`reads the selected pair as ${browser} tells it, and no address`, () => {
      const path = readPath(
        statsReport(LOCAL, REMOTE, { id: 'other', type: 'candidate-pair' }, ...entries),
      );
      expect(path).to.deep.equal({
        local: 'relay',
        remote: 'host',
        protocol: 'udp',
        relayProtocol: 'tls',
        codecs: [],
      });
    });
  }

  it('names each codec once, whichever way it goes, and nothing that is no word', () => {
    const path = readPath(
      statsReport(
        LOCAL,
        { ...PAIR, selected: true },
        { id: 'c1', type: 'codec', mimeType: 'audio/opus' },
        { id: 'c2', type: 'codec', mimeType: 'call me at 192.0.2.7' },
        { id: 'in', type: 'inbound-rtp', codecId: 'c1' },
        { id: 'out', type: 'outbound-rtp', codecId: 'c1' },
        { id: 'odd', type: 'inbound-rtp', codecId: 'c2' },
        { id: 'none', type: 'outbound-rtp' },
      ),
    );
    expect(path!.codecs).to.deep.equal(['audio/opus']);
    expect(path!.remote).to.equal(null);
  });

  it('is null while no pair is selected', () => {
    expect(readPath(statsReport(LOCAL, REMOTE, PAIR))).to.equal(null);
  });

  it('reads a call of this browser', async () => {
    const { session } = await inCall({ video: true });
    const path = await until(() => session.paths.find(({ codecs }) => codecs.length > 1));
    expect(path).to.include({ local: 'host', protocol: 'udp', relayProtocol: null });
    expect(path.codecs[0]).to.equal('audio/opus');
    expect(path.codecs[1]).to.match(/^video\//);
    closeAll();
  });
});

describe('watchFirstPacket', () => {
  it('tells once, soon after the first packet', () => {
    const clock = createManualClock();
    let sources: RTCRtpSynchronizationSource[] = [];
    let packets = 0;
    const receiver = { getSynchronizationSources: () => sources } as RTCRtpReceiver;
    watchFirstPacket({ getReceivers: () => [receiver] }, clock, NEVER, () => (packets += 1));
    clock.advance(1000);
    expect(packets).to.equal(0);
    sources = [{ source: 1, timestamp: 0, rtpTimestamp: 0 }];
    clock.advance(LOOK_MS);
    expect(packets).to.equal(1);
    expect(clock.pending).to.equal(0);
  });

  it('ends by itself, and when it is stopped', () => {
    const clock = createManualClock();
    const none = { getReceivers: () => [] };
    watchFirstPacket(none, clock, NEVER, () => {});
    clock.advance(LOOK_FOR_MS + LOOK_MS);
    expect(clock.pending).to.equal(0);
    const closing = new AbortController();
    watchFirstPacket(none, clock, closing.signal, () => {});
    expect(clock.pending).to.equal(1);
    closing.abort();
    expect(clock.pending).to.equal(0);
  });

  it('hears of the first packet in a call', async () => {
    const { session } = await inCall();
    await until(() => session.packets.length > 0);
    expect(session.packets).to.have.length(1);
    closeAll();
  });
});
