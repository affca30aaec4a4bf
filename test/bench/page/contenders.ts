/** What the pages of the benchmark load, and what stands in them. */
export interface Contender {
  readonly name: string;
  /** `library`: no user interface. `reference`: to set the others in relation. */
  readonly kind: 'ours' | 'widget' | 'library' | 'reference';
  /** Path from `node_modules`, or a source in `sources/` that is bundled; `null`: no script at all. */
  readonly script: string | null;
  /** What the page's author writes into the body. */
  readonly body: string;
  /** What more comes in a call, where the package says so. */
  readonly later?: string;
}

export const BLANK: Contender = { name: 'blank page', kind: 'reference', script: null, body: '' };

/** The same once more: what differs from nothing is noise. */
export const NOISE: Contender = { ...BLANK, name: 'blank page again' };

export const OURS: Contender = {
  name: '`<call-button>`',
  kind: 'ours',
  script: 'call-button.js',
  body: `<call-button server="wss://127.0.0.1:1/ws" target="sales" gate="/gate" captcha="altcha">
    <a href="tel:+15550100123">Call sales</a></call-button>`,
};

export const CONTENDERS: readonly Contender[] = [
  NOISE,
  OURS,
  {
    name: 'an empty lit element',
    kind: 'reference',
    script: 'sources/lit-empty.ts',
    body: '<lit-empty></lit-empty>',
  },
  {
    name: 'ElevenLabs embed 0.5.4',
    kind: 'widget',
    script: '@elevenlabs/convai-widget-embed/dist/index.js',
    // without this it asks its server before it shows anything
    body: `<elevenlabs-convai agent-id="agent" override-config='{"variant":"compact","avatar":{"type":"orb","color_1":"#2792dc","color_2":"#9ce6e6"},"placement":"bottom-right","text_contents":{},"first_message":null,"language":"en","language_presets":{},"disable_banner":true}'></elevenlabs-convai>`,
  },
  {
    name: 'Vapi web embed 0.1.1',
    kind: 'widget',
    script: '@vapi-ai/client-sdk-react/dist/embed/widget.umd.js',
    body: '<vapi-widget public-key="key" assistant-id="assistant" mode="voice"></vapi-widget>',
    later: 'Daily’s call machine, from its server',
  },
  {
    name: 'media-chrome 4.19.4, a player’s five controls',
    kind: 'reference',
    script: 'media-chrome/dist/iife/index.js',
    body: `<media-controller><video slot="media"></video><media-control-bar><media-play-button></media-play-button>
      <media-mute-button></media-mute-button><media-time-range></media-time-range></media-control-bar></media-controller>`,
  },
  { name: 'SIP.js 0.21.2', kind: 'library', script: 'sources/sipjs.ts', body: '' },
  { name: 'JsSIP 3.13.8', kind: 'library', script: 'sources/jssip.ts', body: '' },
  {
    name: 'SignalWire JS 3.30.0',
    kind: 'library',
    script: '@signalwire/js/dist/index.umd.js',
    body: '',
  },
  {
    name: 'Telnyx WebRTC 2.27.10',
    kind: 'library',
    script: '@telnyx/webrtc/lib/bundle.js',
    body: '',
  },
  {
    name: 'livekit-client 2.23.0',
    kind: 'library',
    script: 'livekit-client/dist/livekit-client.umd.js',
    body: '',
  },
];
