import type { ExtraMessages } from './messages.js';

export const zh: ExtraMessages = {
  'rating.question': '通话体验如何？',
  'rating.stars': { other: '{n} 颗星' },
  'rating.good': '好',
  'rating.bad': '不好',
  'rating.thanks': '感谢您的评价。',
  'check.audio': '检查麦克风',
  'check.video': '检查麦克风和摄像头',
  'check.level': '麦克风音量',
  'check.speak': '请说句话，音量条应会跳动。',
  'check.heard': '麦克风正常。',
  'check.play': '播放测试音',
  'check.question': '听到了吗？',
  'check.yes': '听到了',
  'check.no': '没有',
  'check.loud': '扬声器正常。',
  'check.quiet': '请调高音量，或选择其他扬声器。',
  'check.remember': '在此设备上记住',
};
