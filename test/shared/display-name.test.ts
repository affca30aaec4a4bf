import { expect } from 'chai';
import { parseDisplayName, sanitizeDisplayName } from '../../src/shared/display-name.js';

describe('display name', () => {
  it('removes what could end or extend a SIP header', () => {
    expect(sanitizeDisplayName('Eve"\r\nX-Evil: 1\r\n<sip:a@b>\\')).to.equal(
      'Eve\u2033 X-Evil: 1 \u2039sip:a@b\u203a\u2216',
    );
  });

  it('removes bidi controls that could reverse what the callee reads', () => {
    expect(sanitizeDisplayName('a\u202eb\u2066c\u200fd\u061ce')).to.equal('abcde');
  });

  it('keeps emoji sequences, right-to-left letters and names of one letter', () => {
    for (const name of ['👩‍💻 Ada', 'يوسف', 'שרה לוי', 'O', '李']) {
      expect(parseDisplayName(name)).to.deep.equal({ ok: true, name });
    }
  });

  it('composes to NFC and folds white space', () => {
    expect(sanitizeDisplayName('  Zoe\u0308 \t  Müller\u00a0X ')).to.equal('Zoë Müller X');
  });

  it('calls a name without a letter, digit or pictograph empty', () => {
    for (const name of ['', '   ', '"\r\n"', '\u200b', '--', '\ud800']) {
      expect(parseDisplayName(name)).to.deep.equal({ ok: false, issue: 'empty' });
    }
  });

  it('counts the limit of 64 in code points', () => {
    expect(parseDisplayName('😀'.repeat(64)).ok).to.equal(true);
    expect(parseDisplayName('😀'.repeat(65))).to.deep.equal({ ok: false, issue: 'too-long' });
    expect(parseDisplayName('x'.repeat(10_000))).to.deep.equal({ ok: false, issue: 'too-long' });
  });
});
