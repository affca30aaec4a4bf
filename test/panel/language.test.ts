import { expect } from 'chai';
import { enCall } from '../../src/i18n/en-call.js';
import { createPanelLanguage, type PanelLanguage } from '../../src/panel/language.js';
import type { ConfigSource } from '../../src/panel/host.js';
import { until } from '../support/until.js';

const languages = Object.getOwnPropertyDescriptor(Navigator.prototype, 'languages')!;
const browserSpeaks = (...tags: string[]): Navigator =>
  Object.defineProperty(navigator, 'languages', { value: tags, configurable: true });

let made: PanelLanguage[] = [];
let changes = 0;

function follow(element: Element, strings: Readonly<Record<string, unknown>> = {}): PanelLanguage {
  const source = Object.assign(element, { strings }) as unknown as ConfigSource;
  const language = createPanelLanguage(source, () => (changes += 1));
  // as the call engine does when it is there
  language.learn(enCall);
  made.push(language);
  return language;
}

function page(html: string): Element {
  document.body.innerHTML = html;
  return document.querySelector('#it')!;
}

/** Its words once they are there. */
async function words(language: PanelLanguage): Promise<string> {
  await until(() => language.settled);
  return language.t('hang-up');
}

describe('the language of a panel', () => {
  const { documentElement } = document;
  beforeEach(() => {
    documentElement.removeAttribute('lang');
    documentElement.removeAttribute('dir');
    browserSpeaks('en');
    changes = 0;
  });
  afterEach(() => {
    for (const language of made) language.dispose();
    made = [];
    document.body.replaceChildren();
    documentElement.removeAttribute('lang');
    documentElement.removeAttribute('dir');
    Object.defineProperty(navigator, 'languages', { configurable: true, get: languages.get! });
  });

  it('is that of the nearest ancestor, or its own', async () => {
    browserSpeaks('fr');
    documentElement.lang = 'de';
    expect(await words(follow(page('<p><i id="it"></i></p>')))).to.equal('Auflegen');
    expect(await words(follow(page('<p lang="nl"><i id="it"></i></p>')))).to.equal('Ophangen');
    expect(await words(follow(page('<p lang="nl"><i id="it" lang="ja"></i></p>')))).to.equal(
      '通話を終了',
    );
  });

  it('comes through shadow roots', async () => {
    const host = page('<p lang="pl"><span id="it"></span></p>');
    const inner = document.createElement('span');
    host.attachShadow({ mode: 'open' }).append(inner);
    const deeper = document.createElement('i');
    inner.attachShadow({ mode: 'closed' }).append(deeper);
    const language = follow(deeper);
    expect(await words(language)).to.equal('Zakończ rozmowę');
    document.querySelector('p')!.lang = 'es';
    await until(() => language.t('hang-up') === 'Colgar');
  });

  it('is the browser’s where the page has none, or one without words; then English', async () => {
    browserSpeaks('sv', 'it-CH', 'de');
    expect(await words(follow(page('<i id="it"></i>')))).to.equal('Riaggancia');
    expect(await words(follow(page('<p lang=""><i id="it"></i></p>')))).to.equal('Riaggancia');
    expect(await words(follow(page('<p lang="fi"><i id="it"></i></p>')))).to.equal('Riaggancia');
    browserSpeaks('sv');
    expect(await words(follow(page('<p lang="fi"><i id="it"></i></p>')))).to.equal('Hang up');
  });

  it('English needs no waiting', () => {
    expect(follow(page('<i id="it" lang="en-GB"></i>')).settled).to.equal(true);
    expect(changes).to.equal(0);
  });

  it('follows a change: what is shown stays until the other words are there', async () => {
    const element = page('<i id="it" lang="de"></i>') as HTMLElement;
    const language = follow(element);
    expect(await words(language)).to.equal('Auflegen');
    element.lang = 'tr';
    const seen = new Set<string>();
    await until(() => {
      seen.add(language.t('hang-up'));
      expect(language.settled).to.equal(true);
      return language.t('hang-up') === 'Görüşmeyi bitir';
    });
    expect([...seen].filter((text) => text === 'Hang up')).to.deep.equal([]);
    element.lang = 'en';
    await until(() => language.t('hang-up') === 'Hang up');
    expect(language.locale).to.equal('en');
  });

  it('follows a move and the browser’s own change', async () => {
    const element = page('<p lang="de"></p><p lang="fr"><i id="it"></i></p>');
    const language = follow(element);
    expect(await words(language)).to.equal('Raccrocher');
    document.querySelector('p')!.append(element);
    language.follow();
    await until(() => language.t('hang-up') === 'Auflegen');
    document.querySelector('p')!.lang = '';
    browserSpeaks('nl');
    dispatchEvent(new Event('languagechange'));
    await until(() => language.t('hang-up') === 'Ophangen');
  });

  it('takes the words of the page before its own', async () => {
    const element = page('<i id="it" lang="de"></i>');
    expect(await words(follow(element, { 'hang-up': 'Tschüs' }))).to.equal('Tschüs');
  });

  describe('its direction', () => {
    it('is that of the words where the page says nothing', async () => {
      const arabic = follow(page('<p lang="ar"><i id="it"></i></p>'));
      // until there are Arabic words, English ones
      expect(arabic.direction).to.equal('ltr');
      await words(arabic);
      expect(arabic.direction).to.equal('rtl');
      const hebrew = follow(page('<p lang="he-IL"><i id="it"></i></p>'));
      await words(hebrew);
      expect(hebrew.direction).to.equal('rtl');
      const english = follow(page('<p lang="en"><i id="it"></i></p>'));
      expect(english.direction).to.equal('ltr');
    });

    it('is the page’s where it says one, and follows it', async () => {
      const element = page('<p lang="en" dir="rtl"><i id="it"></i></p>');
      const language = follow(element);
      expect(language.direction).to.equal(null);
      element.parentElement!.removeAttribute('dir');
      await until(() => changes > 0);
      expect(language.direction).to.equal('ltr');
    });

    it('is that of the words where they are not in the page’s language', async () => {
      browserSpeaks('de');
      const language = follow(page('<p lang="fa" dir="rtl"><i id="it"></i></p>'));
      expect(await words(language)).to.equal('Auflegen');
      expect(language.direction).to.equal('ltr');
    });
  });

  it('a CAPTCHA speaks the page’s language even where the panel cannot', () => {
    browserSpeaks('de-AT');
    expect(follow(page('<p lang="fi"><i id="it"></i></p>')).captchaLang).to.equal('fi');
    expect(follow(page('<i id="it"></i>')).captchaLang).to.equal('de-AT');
  });

  it('nothing is left listening', async () => {
    const element = page('<i id="it" lang="de"></i>') as HTMLElement;
    const language = follow(element);
    await words(language);
    const before = changes;
    language.dispose();
    element.lang = 'fr';
    dispatchEvent(new Event('languagechange'));
    await new Promise((resolve) => setTimeout(resolve));
    expect(changes).to.equal(before);
  });
});
