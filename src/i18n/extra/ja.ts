import type { ExtraMessages } from './messages.js';

export const ja: ExtraMessages = {
  'rating.question': '通話はいかがでしたか？',
  'rating.stars': { other: '星{n}つ' },
  'rating.good': '良かった',
  'rating.bad': '良くなかった',
  'rating.thanks': '評価ありがとうございます。',
};
