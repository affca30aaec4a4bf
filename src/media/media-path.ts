import type { MediaPath } from '../call/ports.js';
import { isSelected, type Stats } from './quality.js';

/** Words of the browser's own, never addresses or names. */
const WORD = /^[\w./+-]{1,32}$/;
const word = (value: string | undefined): string | null =>
  value !== undefined && WORD.test(value) ? value : null;

/** Reads https://www.w3.org/TR/webrtc-stats/; `null` while no candidate pair is selected. */
export function readPath(stats: Stats): MediaPath | null {
  const all = [...stats.values()];
  const pair = all.find((stat) => isSelected(stat, all));
  const local = stats.get(pair?.localCandidateId ?? '');
  if (local === undefined) return null;
  const codecs = all
    .filter(({ type }) => type === 'inbound-rtp' || type === 'outbound-rtp')
    .map(({ codecId }) => word(stats.get(codecId ?? '')?.mimeType))
    .filter((codec) => codec !== null);
  return {
    local: word(local.candidateType),
    remote: word(stats.get(pair?.remoteCandidateId ?? '')?.candidateType),
    protocol: word(local.protocol),
    relayProtocol: word(local.relayProtocol),
    codecs: [...new Set(codecs)].sort(),
  };
}
