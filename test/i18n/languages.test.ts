import { expect } from 'chai';
import { ar } from '../../src/i18n/ar.js';
import { de } from '../../src/i18n/de.js';
import { en } from '../../src/i18n/en.js';
import { es } from '../../src/i18n/es.js';
import { fr } from '../../src/i18n/fr.js';
import { he } from '../../src/i18n/he.js';
import { it as italian } from '../../src/i18n/it.js';
import { ja } from '../../src/i18n/ja.js';
import {
  chooseLanguage,
  LANGUAGES,
  loadMessages,
  messagesAtHand,
  registerLanguage,
} from '../../src/i18n/languages.js';
import { createTranslate, type Messages, type Plural } from '../../src/i18n/messages.js';
import { nl } from '../../src/i18n/nl.js';
import { pl } from '../../src/i18n/pl.js';
import { pt } from '../../src/i18n/pt.js';
import { formatDuration } from '../../src/i18n/time.js';
import { tr } from '../../src/i18n/tr.js';
import { en as extraEnglish } from '../../src/i18n/extra/en.js';
import { loadExtraMessages } from '../../src/i18n/extra/index.js';
import { zh } from '../../src/i18n/zh.js';

const ALL: Readonly<Record<string, Messages>> = {
  en,
  ar,
  de,
  es,
  fr,
  he,
  it: italian,
  ja,
  nl,
  pl,
  pt,
  tr,
  zh,
};
type Dictionary = Readonly<Record<string, string | Plural>>;
/** The words that come with the panel, and those of what few visitors see. */
const DICTIONARIES: Readonly<
  Record<string, { en: Dictionary; of(name: string): Promise<Dictionary> }>
> = {
  words: { en, of: (name) => Promise.resolve(ALL[name]!) },
  'extra words': { en: extraEnglish, of: loadExtraMessages },
};
/** Every form of a text. */
const forms = (message: string | Plural): string[] =>
  typeof message === 'string' ? [message] : Object.values(message);
const placeholders = (text: string): string =>
  [...text.matchAll(/\{\w+\}/g)]
    .map(([name]) => name)
    .sort()
    .join();

/** The same word in that language. */
const SAME_AS_ENGLISH: readonly string[] = ['es video.no', 'it video.no', 'nl devices.videoinput'];

describe('every language', () => {
  it('is one of the thirteen, and loads', async () => {
    expect([...LANGUAGES].sort()).to.deep.equal(Object.keys(ALL).sort());
    for (const [name, messages] of Object.entries(ALL)) {
      if (name === 'en') continue;
      expect(await loadMessages(chooseLanguage([name]))).to.equal(messages);
      expect(messagesAtHand(chooseLanguage([name]))).to.equal(messages);
    }
  });

  for (const [what, { en: english, of }] of Object.entries(DICTIONARIES)) {
    const keys = Object.keys(english);
    for (const name of Object.keys(ALL)) {
      it(`${name} has all ${what}, with the placeholders of the English ones`, async () => {
        const messages = await of(name);
        expect(Object.keys(messages).sort()).to.deep.equal([...keys].sort());
        for (const key of keys) {
          const expected = placeholders(forms(english[key]!).at(-1)!);
          const message = messages[key]!;
          expect(typeof message, key).to.equal(typeof english[key]);
          for (const [form, text] of Object.entries(
            typeof message === 'string' ? { other: message } : message,
          )) {
            expect(text.trim(), key).to.equal(text).and.not.equal('');
            // "one second" and "two seconds" are words in some languages
            if (/zero|one|two/.test(form) && placeholders(text) === '') continue;
            expect(placeholders(text), `${key} ${form}`).to.equal(expected);
          }
        }
      });

      it(`${name}: ${what} have a form for each plural category of its whole numbers, and no other`, async () => {
        const rules = new Intl.PluralRules(name);
        const needed = new Set(['other']);
        for (let n = 0; n <= 1000; n += 1) needed.add(rules.select(n));
        for (const [key, message] of Object.entries(await of(name))) {
          if (typeof message === 'string') continue;
          expect(Object.keys(message).sort(), key).to.deep.equal([...needed].sort());
        }
      });

      if (name === 'en') continue;
      it(`${name}: ${what} are translated, not copied`, async () => {
        const messages = await of(name);
        const same = keys.filter(
          (key) => JSON.stringify(messages[key]) === JSON.stringify(english[key]),
        );
        const expected = SAME_AS_ENGLISH.map((each) => each.split(' ') as [string, string])
          .filter(([language, key]) => language === name && key in english)
          .map(([, key]) => key);
        expect(same).to.deep.equal(expected);
        const script = { ar: /\p{sc=Arab}/u, he: /\p{sc=Hebr}/u, zh: /\p{sc=Hani}/u }[name];
        for (const key of keys) {
          for (const text of forms(messages[key]!)) {
            if (script !== undefined) expect(text, key).to.match(script);
            if (name === 'ja') expect(text, key).to.match(/[\p{sc=Hani}\p{sc=Hira}\p{sc=Kana}]/u);
          }
        }
      });
    }
  }

  it('has the extra words in English where it has none of its own', async () => {
    expect(await loadExtraMessages('tlh')).to.equal(extraEnglish);
  });
});

describe('the language for a list of tags', () => {
  const cases: readonly (readonly [readonly string[], string, string])[] = [
    [['de'], 'de', 'ltr'],
    [['de-AT'], 'de', 'ltr'],
    [['de_CH'], 'de', 'ltr'],
    [['PT-br'], 'pt', 'ltr'],
    [['ar-EG'], 'ar', 'rtl'],
    [['iw'], 'he', 'rtl'],
    [['zh-Hans-SG'], 'zh', 'ltr'],
    [['zh-TW', 'ja'], 'ja', 'ltr'],
    [['zh-Hant'], 'en', 'ltr'],
    [['', 'fr-CA', 'de'], 'fr', 'ltr'],
    [['sv', 'xx', 'nl'], 'nl', 'ltr'],
    [['en-GB', 'de'], 'en', 'ltr'],
    [['no such tag', '-', 'it'], 'it', 'ltr'],
    [['tlh'], 'en', 'ltr'],
    [[], 'en', 'ltr'],
  ];
  for (const [tags, name, direction] of cases) {
    it(`${JSON.stringify(tags)}: ${name}`, () => {
      const language = chooseLanguage(tags);
      expect(language.name).to.equal(name);
      expect(language.direction).to.equal(direction);
    });
  }

  it('keeps region and extensions for numbers', () => {
    expect(chooseLanguage(['de_CH']).locale).to.equal('de-CH');
    expect(chooseLanguage(['ar-u-nu-latn']).locale).to.equal('ar-u-nu-latn');
  });

  it('finds a registered one, whose direction comes from its script', () => {
    registerLanguage('fa', { close: 'بستن' });
    registerLanguage('zh-Hant', { close: '關閉' });
    expect(chooseLanguage(['fa-IR', 'de'])).to.include({ name: 'fa', direction: 'rtl' });
    expect(chooseLanguage(['zh-TW']).name).to.equal('zh-Hant');
    expect(chooseLanguage(['zh-CN']).name).to.equal('zh');
    expect(messagesAtHand(chooseLanguage(['fa']))).to.deep.equal({ close: 'بستن' });
  });
});

describe('texts', () => {
  const translate = (name: string, overrides: Readonly<Record<string, unknown>> = {}) =>
    createTranslate({ messages: ALL[name]!, locale: name }, en, overrides);

  it('take the page’s own words where they are words', () => {
    const t = translate('en', {
      close: 'Shut',
      cancel: 7,
      minimize: null,
      return: '{time} so far',
      'retry.seconds': { one: 'a second', other: '{n} s' },
      'retry.minutes': 'in {n} min',
      'name.too-long': { one: 'x' },
    });
    expect([t('close'), t('cancel'), t('minimize'), t('return', { time: '0:10' })]).to.deep.equal([
      'Shut',
      'Cancel',
      'Minimize',
      '0:10 so far',
    ]);
    expect([1, 30].map((n) => t('retry.seconds', { n }))).to.deep.equal(['a second', '30 s']);
    expect(t('retry.minutes', { n: 2 })).to.equal('in 2 min');
    expect(t('name.too-long', { n: 64 })).to.equal('Please use at most 64 characters.');
    expect(t('duration')).to.equal('Duration {time}');
  });

  it('are English where a language lacks them', () => {
    const t = createTranslate({ messages: { close: 'Stäng' }, locale: 'sv' }, en, {});
    expect([t('close'), t('cancel')]).to.deep.equal(['Stäng', 'Cancel']);
  });

  it('count as the language counts, in its digits', () => {
    const pole = translate('pl');
    const counted = [1, 2, 5, 22, 112].map((n) => pole('retry.seconds', { n }).split(' za ')[1]);
    expect(counted).to.deep.equal([
      '1 sekundę.',
      '2 sekundy.',
      '5 sekund.',
      '22 sekundy.',
      '112 sekund.',
    ]);
    const digits = new Intl.NumberFormat('ar-EG').format(45);
    const arab = createTranslate({ messages: ar, locale: 'ar-EG' }, en, {});
    expect(arab('retry.seconds', { n: 45 })).to.include(`${digits} ثانية`);
    expect(arab('retry.minutes', { n: 2 })).to.include('دقيقتين');
    expect(translate('fr')('retry.minutes', { n: 1 })).to.include('1 minute.');
  });

  it('show durations as clocks do', () => {
    expect(
      [-5, 0, 9_999, 61_000, 3_600_000, 36_000_000_000].map((ms) => formatDuration(ms)),
    ).to.deep.equal(['0:00', '0:00', '0:09', '1:01', '1:00:00', '10000:00:00']);
    expect(formatDuration(61_000, 'ar-EG')).to.equal('١:٠١');
  });
});
