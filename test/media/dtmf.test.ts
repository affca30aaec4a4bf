import { expect } from 'chai';
import { createDtmf } from '../../src/media/dtmf.js';
import { closeAll, Peer } from '../support/media.js';
import { until } from '../support/until.js';

interface Line {
  send: (digits: string) => boolean;
  dtmf: RTCDTMFSender;
  /** Tones as they begin, with the time of each; an empty tone at the end. */
  tones: { tone: string; at: number }[];
  played(): string;
}

/** A connected audio call between two peer connections. */
async function connectedLine(): Promise<Line> {
  const near = new Peer();
  const far = new Peer();
  await near.send({ audio: true });
  await near.accept(await far.answer(await near.offer()));
  const sender = near.pc.getSenders()[0]!;
  const dtmf = sender.dtmf!;
  const tones: Line['tones'] = [];
  dtmf.addEventListener('tonechange', ({ tone }) => tones.push({ tone, at: performance.now() }));
  const send = createDtmf(sender);
  await until(() => near.pc.connectionState === 'connected' && dtmf.canInsertDTMF);
  return { send, dtmf, tones, played: () => tones.map(({ tone }) => tone).join('') };
}

const over = (line: Line): boolean => line.tones.at(-1)?.tone === '';

describe('createDtmf', () => {
  afterEach(closeAll);

  it('sends each digit once, in order, long enough and apart', async () => {
    const line = await connectedLine();
    expect(line.send('19#*')).to.equal(true);
    await until(() => over(line));
    expect(line.played()).to.equal('19#*');
    for (let i = 1; i < 4; i++) {
      // 160 ms and a gap of 70; timers of a browser are a little early at times
      expect(line.tones[i]!.at - line.tones[i - 1]!.at).to.be.within(220, 1500);
    }
  });

  it('queues what comes while digits are being sent', async () => {
    const line = await connectedLine();
    line.send('12');
    line.send('3');
    await until(() => line.played() === '1');
    line.send('4');
    line.send('56');
    await until(() => over(line));
    expect(line.played()).to.equal('123456');
  });

  it('pauses 2 s at a comma, also when more digits come meanwhile', async () => {
    const line = await connectedLine();
    line.send('1,2');
    await until(() => line.played() === '1,');
    line.send('3');
    await until(() => line.played().endsWith('3') && over(line));
    const at = (tone: string): number => line.tones.find((each) => each.tone === tone)!.at;
    expect(line.played().replace(/,+/, ',')).to.equal('1,23');
    expect(at('2') - at('1')).to.be.greaterThan(2000);
  });

  it('sends letters', async () => {
    const line = await connectedLine();
    line.send('AD7');
    await until(() => over(line));
    expect(line.played()).to.equal('AD7');
  });

  it('is false before anything is negotiated', async () => {
    const near = new Peer();
    await near.send({ audio: true });
    const sender = near.pc.getSenders()[0]!;
    expect(createDtmf(sender)('1')).to.equal(false);
    expect(sender.dtmf?.toneBuffer).to.equal('');
  });

  it('is false where the far end takes no telephone-event', async () => {
    const near = new Peer();
    const far = new Peer();
    await near.send({ audio: true });
    const answer = await far.answer(await near.offer());
    const numbers = [...answer.matchAll(/^a=rtpmap:(\d+) telephone-event.*$/gm)].map((m) => m[1]);
    expect(numbers).not.to.have.length(0);
    await near.accept(
      numbers.reduce(
        (sdp: string, number) =>
          sdp
            .replace(new RegExp(`^a=(rtpmap|fmtp):${number} .*\r\n`, 'gm'), '')
            .replace(new RegExp(`^(m=audio .*) ${number}\\b`, 'm'), '$1'),
        answer,
      ),
    );
    await until(() => near.pc.connectionState === 'connected');
    expect(createDtmf(near.pc.getSenders()[0]!)('1')).to.equal(false);
  });

  it('is false for a sender that has no digits, as of video', async () => {
    const near = new Peer();
    await near.send({ video: true });
    expect(createDtmf(near.pc.getSenders()[0]!)('1')).to.equal(false);
  });
});
