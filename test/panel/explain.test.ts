import { expect } from 'chai';
import { explain, isLogged } from '../../src/panel/explain.js';

const { error, warn: consoleWarn } = console;

describe('what the console is told', () => {
  let told: string[] = [];
  beforeEach(() => {
    told = [];
    console.error = (text: string) => told.push(`error ${text}`);
    console.warn = (text: string) => told.push(`warn ${text}`);
  });
  afterEach(() => {
    console.error = error;
    console.warn = consoleWarn;
  });

  function complain(level: string | null): string[] {
    const element = document.createElement('div');
    element.setAttribute('media', 'hologram');
    if (level !== null) element.setAttribute('log-level', level);
    explain([], ['media'], element);
    explain(['WebRTC'], [], element);
    return told;
  }
  const WARNING = 'warn <call-button> media="hologram"; expected: audio or video';
  const ERROR =
    'error <call-button> cannot call: WebRTC is missing; expected: a browser with WebRTC, and an https page';

  for (const level of [null, '', 'loud', 'WARN', 'warn', 'info', 'debug']) {
    it(`is what is wrong with the page, with log-level ${level}`, () => {
      expect(complain(level)).to.deep.equal([WARNING, ERROR]);
    });
  }

  it('is only what makes calls impossible, with error; nothing, with silent', () => {
    expect(complain('error')).to.deep.equal([ERROR]);
    told = [];
    expect(complain('silent')).to.deep.equal([]);
  });

  it('is the course of a call with info, and all of it with debug', () => {
    const element = document.createElement('div');
    const logged = (level: string): boolean[] => {
      element.setAttribute('log-level', level);
      return [isLogged('info', element), isLogged('debug', element)];
    };
    expect(logged('warn')).to.deep.equal([false, false]);
    expect(logged('info')).to.deep.equal([true, false]);
    expect(logged('debug')).to.deep.equal([true, true]);
    element.removeAttribute('log-level');
    expect([isLogged('info', element), isLogged('warn', element)]).to.deep.equal([false, true]);
  });
});
