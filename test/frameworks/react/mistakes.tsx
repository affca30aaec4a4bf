import 'call-button/react';

/** What the types must refuse. */
export const mistakes = [
  // @ts-expect-error there is no such media
  <call-button key="1" media="hologram" />,
  // @ts-expect-error nor such an attribute
  <call-button key="2" servers="wss://sip.example.com" />,
  // @ts-expect-error nor such a key of a text
  <call-button key="3" strings={{ introduction: 'Hello' }} />,
  // @ts-expect-error nor such a field of the event
  <call-button key="4" oncall-end={({ seconds }) => seconds} />,
];

const element = document.querySelector('call-button');
element?.addEventListener('call-end', ({ durationMs }) => durationMs.toFixed());
// @ts-expect-error a number of digits is no text
element?.sendDtmf(12);
