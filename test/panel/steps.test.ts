import { expect } from 'chai';
import '../../src/define.js';
// here, and not while the first test waits for it: unbundled these are a hundred modules
import '../../src/panel/engine.js';
import '../../src/panel/extras/index.js';
import '../../src/panel/extras/permission.js';
import '../../src/panel/index.js';
import type { CallButtonElement } from '../../src/launcher/element.js';
import { until } from '../support/until.js';

describe('the steps of a press on Call', () => {
  const { query } = Permissions.prototype;
  const { setConfiguration } = RTCPeerConnection.prototype;
  const { mediaDevices } = navigator;
  const openMicrophone = mediaDevices.getUserMedia.bind(mediaDevices);
  const later = globalThis.setTimeout;
  const steps: string[] = [];
  const timers: (() => void)[] = [];
  let element: CallButtonElement;
  let inviting: Promise<void>;

  beforeEach(async () => {
    steps.length = timers.length = 0;
    Permissions.prototype.query = function (descriptor) {
      steps.push('permission');
      return query.call(this, descriptor);
    };
    inviting = new Promise((resolve) => {
      RTCPeerConnection.prototype.setConfiguration = function (configuration) {
        steps.push('offer');
        setConfiguration.call(this, configuration);
        resolve();
      };
    });
    const stream = await openMicrophone({ audio: true });
    mediaDevices.getUserMedia = () => {
      steps.push('microphone');
      return Promise.resolve(stream);
    };
    document.body.innerHTML = `<call-button server="ws://127.0.0.1:9" target="sip:sales@example.com"
      captcha="none" caller-name="Ada"><a href="tel:+15550100123">Call</a></call-button>`;
    element = document.querySelector('call-button')!;
    await element.open();
    // by the form and by the media session, which is there then
    await until(() => steps.length === 2);
  });

  afterEach(() => {
    globalThis.setTimeout = later;
    element.remove();
    Permissions.prototype.query = query;
    RTCPeerConnection.prototype.setConfiguration = setConfiguration;
    mediaDevices.getUserMedia = openMicrophone;
  });

  it('do not wait for pictures of themselves, nor for what could be asked before', async () => {
    const root = element.shadowRoot!.lastElementChild!.shadowRoot!;
    const drawn = new MutationObserver(() => steps.push('picture'));
    drawn.observe(root, { subtree: true, childList: true, attributes: true });
    // no time passes until the offer is being made
    globalThis.setTimeout = ((run: () => void) => timers.push(run)) as unknown as typeof setTimeout;
    root.querySelector<HTMLButtonElement>('[part=call-action]')!.click();
    await inviting;
    globalThis.setTimeout = later;
    for (const run of timers) run();
    await until(() => steps.includes('picture'));
    drawn.disconnect();
    // asked by the media session and by the form, both when it opens
    expect(steps.filter((step) => step === 'permission')).to.have.length(2);
    expect(steps.slice(1, 5)).to.deep.equal(['permission', 'microphone', 'offer', 'picture']);
  });
});
