import type { ExtraMessages } from './messages.js';

export const ja: ExtraMessages = {
  'rating.question': '通話はいかがでしたか？',
  'rating.stars': { other: '星{n}つ' },
  'rating.good': '良かった',
  'rating.bad': '良くなかった',
  'rating.thanks': '評価ありがとうございます。',
  'check.audio': 'マイクを確認',
  'check.video': 'マイクとカメラを確認',
  'check.level': 'マイクの音量',
  'check.speak': '何か話してください。バーが動けば正常です。',
  'check.heard': 'マイクは正常です。',
  'check.play': 'テスト音を再生',
  'check.question': '聞こえましたか？',
  'check.yes': 'はい',
  'check.no': 'いいえ',
  'check.loud': 'スピーカーは正常です。',
  'check.quiet': '音量を上げるか、別のスピーカーを選んでください。',
  'check.remember': 'この端末に保存する',
};
