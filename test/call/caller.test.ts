import { expect } from 'chai';
import { CONTEXT_MAX, contextRows, parseFrom, parseUserToUser } from '../../src/call/caller.js';
import { userToUser } from '../../src/call/target.js';

describe('the From header of a caller', () => {
  const CASES: readonly [value: string, name: string, address: string][] = [
    ['"Ada Lovelace" <sip:ada@example.com>;tag=1', 'Ada Lovelace', 'sip:ada@example.com'],
    ['Ada Lovelace <sip:ada@example.com;transport=ws>;tag=1', 'Ada Lovelace', 'sip:ada@example.com;transport=ws'],
    ['<sip:ada@example.com>', '', 'sip:ada@example.com'],
    ['sip:ada@example.com;tag=1', '', 'sip:ada@example.com'],
    ['"" <sip:ada@example.com>', '', 'sip:ada@example.com'],
    ['"a <sip:evil@example.org>" <sip:ada@example.com>', 'a \u2039sip:evil@example.org\u203a', 'sip:ada@example.com'],
    ['"say \\"hi\\" \\\\ \\x" <sip:a@b>', 'say \u2033hi\u2033 \u2216 x', 'sip:a@b'],
    ['"\u202eadA\u0007" <sip:a@b>', 'adA', 'sip:a@b'],
    ['"<img src=x onerror=alert(1)>" <sip:a@b>', '\u2039img src=x onerror=alert(1)\u203a', 'sip:a@b'],
    ['"Zoë 😀" <sip:a@b>', 'Zoë 😀', 'sip:a@b'],
    ['', '', ''],
    ['"open <sip:a@b>', '', '"open <sip:a@b>'],
  ]; // prettier-ignore
  for (const [value, name, address] of CASES) {
    it(`${JSON.stringify(value)} is ${JSON.stringify(name)}`, () => {
      expect(parseFrom(value)).to.deep.equal({ name, address });
    });
  }

  it('longer than a name is cut, between characters', () => {
    const { name } = parseFrom(`"${'😀'.repeat(100)}" <sip:a@b>`);
    expect([...name]).to.have.length(64);
    expect(name).to.equal('😀'.repeat(64));
  });
});

describe('User-to-User', () => {
  it('gives back what an element sent', () => {
    for (const text of [
      '{"page":"/prices","n":1}',
      '{"Flügel":"ロ"}',
      '"',
      'x'.repeat(CONTEXT_MAX),
    ]) {
      expect(parseUserToUser([userToUser(text)!])).to.equal(text);
    }
  });

  const READ: readonly [values: string[], text: string | null][] = [
    [[], null],
    [[''], null],
    [['6869'], 'hi'],
    [['6869;encoding=hex'], 'hi'],
    [['6869 ; Encoding = hex'], 'hi'],
    [['6869 ; ENCODING=HEX ; Purpose=call-button'], 'hi'],
    [['"6869";encoding=hex'], 'hi'],
    [['6869;purpose=isdn-uui;encoding=hex'], null],
    [['6869;encoding=base64'], null],
    [['00;purpose=isdn-uui, 6869;purpose=call-button'], 'hi'],
    [['00;purpose=isdn-uui', '6869'], 'hi'],
    [['zz', '6869'], 'hi'],
    [['686'], null],
    [['ff'], null],
    [['c3'], null],
    [['eda080'], null],
    [['6869', '79'], 'hi'],
    [[';;;'], null],
    [['78'.repeat(CONTEXT_MAX)], 'x'.repeat(CONTEXT_MAX)],
    [['78'.repeat(CONTEXT_MAX + 1)], null],
    [['c3a4'.repeat(CONTEXT_MAX / 2 + 1)], null],
  ]; // prettier-ignore
  for (const [values, text] of READ) {
    it(`${JSON.stringify(values).slice(0, 60)} is ${JSON.stringify(text)?.slice(0, 20)}`, () => {
      expect(parseUserToUser(values)).to.equal(text);
    });
  }
});

describe('a context as rows', () => {
  const CASES: readonly [context: string, rows: [string, string][]][] = [
    ['{"page":"/prices","ticket":7,"vip":true,"none":null}', [['page', '/prices'], ['ticket', '7'], ['vip', 'true'], ['none', 'null']]],
    ['{"piano":{"year":1911,"keys":[88]}}', [['piano', '{\u2033year\u2033:1911,\u2033keys\u2033:[88]}']]],
    ['{}', []],
    ['just a note', [['', 'just a note']]],
    ['["a"]', [['', '[\u2033a\u2033]']]],
    ['null', [['', 'null']]],
    ['{"a":"<img src=x onerror=alert(1)>"}', [['a', '\u2039img src=x onerror=alert(1)\u203a']]],
    ['{"\u202ea":"b\\u0007c"}', [['a', 'bc']]],
    ['{"__proto__":"x"}', [['__proto__', 'x']]],
    ['{"a":', [['', '{\u2033a\u2033:']]],
  ]; // prettier-ignore
  for (const [context, rows] of CASES) {
    it(context, () => {
      expect(contextRows(context)).to.deep.equal(rows);
    });
  }

  it('is cut to what fits a screen', () => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, i]));
    expect(contextRows(JSON.stringify(many))).to.have.length(12);
    const [row] = contextRows(JSON.stringify({ ['l'.repeat(100)]: '😀'.repeat(500) }));
    expect(row?.[0]).to.equal(`${'l'.repeat(32)}…`);
    expect(row?.[1]).to.have.length(257);
    expect(() => encodeURIComponent(row?.[1] ?? '')).not.to.throw();
  });
});
