/** Long enough for every detector (ITU-T Q.24 asks for 40 ms), short enough for fast typing. */
const TONE_MS = 160;
const GAP_MS = 70;

/**
 * Digits of the keypad as RFC 4733 events; `,` is a pause of 2 s (W3C WebRTC 1.0 §7). Throws at what is no digit.
 * Returns `false`, and does nothing, while the far end takes none.
 */
export function createDtmf(sender: RTCRtpSender): (digits: string) => boolean {
  const { dtmf } = sender;
  return (digits) => {
    if (dtmf?.canInsertDTMF !== true) return false;
    // insertDTMF replaces what is still to come
    dtmf.insertDTMF(dtmf.toneBuffer + digits, TONE_MS, GAP_MS);
    return true;
  };
}
