import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  always,
  body,
  cases,
  cut,
  type Cut,
  every,
  firstArguments,
  members,
  never,
  properties,
  propertiesBut,
  rewrite,
  statements,
  tail,
} from '../support/sip-diet/cut.js';
import { dropErrorTexts, dropLogs } from '../support/sip-diet/drop-logs.js';
import { ownNames } from '../support/sip-diet/names.js';
import { inlineEnums, plainEnums } from '../support/sip-diet/states.js';

const flat = (code: string): string => code.replace(/\s+/g, ' ').trim();

const CODE = `class Phone {
  constructor() { this.a = 1; this.b = 2; if (this.a) { this.b = 3; } }
  get name() { return 1; }
  set name(value) { this.n = value; }
  ring(how) {
    switch (how) { case Kind.LOUD: loud(); break; case Kind.SOFT: soft(); break; default: throw 1; }
    if (how) { one(); } else { two(); }
    return how ? 'a' : 'b';
  }
  get options() { return { x: 1, 'y-z': 2, w: { x: 3 } }; }
  tell() { log('a', 1); this.log('b', 2); this.log(); }
}`;

describe('a cut', () => {
  const examples: readonly (readonly [string, Cut, from: string, to: string])[] = [
    ['takes a getter and its setter', members('name'), 'get name() { return 1; } set name(value) { this.n = value; }', ''],
    ['takes a setter alone', members('set name'), 'set name(value) { this.n = value; }', ''],
    ['takes a statement', statements('constructor', 'this.a ='), 'this.a = 1;', ''],
    ['takes all statements that begin so', every('constructor', 'this.b'), 'this.b = 2; if (this.a) { this.b = 3; }', 'if (this.a) { }'],
    ['takes the end of a function', tail('constructor', 'this.b'), 'this.b = 2; if (this.a) { this.b = 3; }', ''],
    ['takes a case', cases('ring', 'Kind.SOFT'), 'case Kind.SOFT: soft(); break;', ''],
    ['takes the default case', cases('ring', 'default'), 'default: throw 1;', ''],
    ['takes a branch that is never gone', never('constructor', 'this.a'), 'if (this.a) { this.b = 3; }', ''],
    ['takes the other branch', never('ring', 'how'), `if (how) { one(); } else { two(); } return how ? 'a' : 'b';`, `{ two(); } return 'b';`],
    ['takes a condition that always holds', always('ring', 'how'), `if (how) { one(); } else { two(); } return how ? 'a' : 'b';`, `{ one(); } return 'a';`],
    ['takes properties, however deep', properties('options', 'x'), `{ x: 1, 'y-z': 2, w: { x: 3 } }`, `{ 'y-z': 2, w: { } }`],
    ['takes all properties but some', propertiesBut('options', 'y-z', 'w'), `{ x: 1, 'y-z': 2, w: { x: 3 } }`, `{ 'y-z': 2, w: { } }`],
    ['gives a function another body', body('ring', 'return 0;'), CODE.slice(CODE.indexOf('ring(how) {') + 10, CODE.indexOf('get options')), '{ return 0; }'],
    ['takes all but the first arguments', firstArguments('log', 1), `log('a', 1); this.log('b', 2);`, `log('a', 1); this.log('b');`],
    ['takes all arguments', firstArguments('log', 0), `log('a', 1); this.log('b', 2);`, `log('a', 1); this.log();`],
    ['writes a text in another way', rewrite('loud()', 'quiet()'), 'loud()', 'quiet()'],
  ]; // prettier-ignore
  for (const [name, one, from, to] of examples) {
    it(name, () => {
      const expected = flat(CODE).replace(flat(from), () => to);
      assert.notEqual(expected, flat(CODE));
      assert.equal(flat(cut(CODE, 'phone.js', [one])), flat(expected));
    });
  }

  const misfits: readonly (readonly [string, Cut])[] = [
    ['a member', members('hang')],
    ['a setter', members('set ring')],
    ['a statement', statements('constructor', 'this.c')],
    ['one statement among two', statements('constructor', 'this.b')],
    ['any statement', every('constructor', 'this.c')],
    ['a function', statements('hang', 'this.a')],
    ['a last statement', tail('constructor', 'this.c')],
    ['a case', cases('ring', 'Kind.NONE')],
    ['a condition', never('ring', 'why')],
    ['a property', properties('options', 'v')],
    ['a property to keep', propertiesBut('options', 'v')],
    ['one property among two', propertiesBut('options', 'x')],
    ['a function for a body', body('hang', '')],
    ['a call with so many arguments', firstArguments('log', 2)],
    ['a text', rewrite('loud( )', '')],
    ['one text among two', rewrite('this.a', '')],
  ];
  for (const [name, one] of misfits) {
    it(`fails if ${name} is not there`, () => {
      assert.throws(() => cut(CODE, 'phone.js', [one]), /The diet does not fit phone\.js: /);
    });
  }

  it('fails if it meets another', () => {
    const both = [rewrite('this.a = 1; this.b', ''), rewrite('this.b = 2; if', '')];
    assert.throws(() => cut(CODE, 'phone.js', both), /two edits/);
  });
});

describe('dropping logs', () => {
  const drop = (code: string): string => flat(dropLogs(code, 'x.js'));

  it('takes calls that are statements, and the loggers', () => {
    const code = `class A { constructor(f) { this.logger = f.getLogger('a'); this.logger.debug('b' + this.c); }
      run(e) { run(); this.logger.warn(\`\${e.message} \${this.uri.toString()}\`); logger.error(JSON.stringify(e)); } }`;
    assert.equal(drop(code), 'class A { constructor(f) { } run(e) { run(); } }');
  });

  it('leaves a statement where one is needed', () => {
    assert.equal(
      drop('function f() { if (a) logger.log("b"); else c(); }'),
      'function f() { if (a) ; else c(); }',
    );
  });

  it('takes variables that only a log has read', () => {
    const code =
      'function f(e) { const t = `x ${e.t}`; let u = "a"; u += "b"; logger.log(t); logger.log(u); return e.u; }';
    assert.equal(drop(code), 'function f(e) { return e.u; }');
  });

  it('keeps variables that something else reads, or whose value does something', () => {
    const read = 'function f(e) { const t = `x`; return t; }';
    assert.equal(drop(read.replace('return', 'logger.log(t); return')), read);
    const made = 'function f(e) { const t = make(); }';
    assert.equal(drop(made.replace('; }', '; logger.log(t); }')), made);
  });

  it('keeps what only looks like a log', () => {
    const code = 'function f() { math.log("a"); logger.level("b"); this.logger.genericLog("c"); }';
    assert.equal(drop(code), code);
  });

  for (const argument of [
    'count++',
    'next()',
    'x = 1',
    'new Thing()',
    '`${next()}`',
    '(() => 1)()',
  ]) {
    it(`fails for a log call with ${argument}`, () => {
      assert.throws(() => drop(`function f() { logger.log(${argument}); }`), /may do more/);
    });
  }

  for (const code of [
    'a && logger.log("b")',
    'const f = () => logger.log("b")',
    'g(logger.warn("b"))',
  ]) {
    it(`fails for ${code}, which it cannot take`, () => {
      assert.throws(() => drop(code), /is left/);
    });
  }
});

describe('dropping the texts of errors', () => {
  it('keeps the error and what is not only a text', () => {
    const code =
      'throw new Error("a"); x = new TypeError(`b ${c.d}`); y = new TransportError(e()); z = new Thing("f");';
    assert.equal(
      dropErrorTexts(code, 'x.js'),
      'throw new Error(); x = new TypeError(); y = new TransportError(e()); z = new Thing("f");',
    );
  });
});

describe('constants', () => {
  const STATES = `export var SessionState;
    (function (SessionState) {
      SessionState["Initial"] = "Initial";
      SessionState["Established"] = "Established";
    })(SessionState = SessionState || (SessionState = {}));`;

  it('are plain objects with a number for each state', () => {
    assert.equal(
      plainEnums(STATES, 'x.js'),
      'export const SessionState = { Initial: 1, Established: 11 };',
    );
  });

  it('stand as values where they are used, whatever they are called there', () => {
    const code = `import { SessionState as S } from './x.js'; import { C } from './c.js'; import { Timers } from './t.js';
      if (s === S.Established && m === C.INVITE) setTimeout(f, Timers.TIMER_B);`;
    assert.match(
      inlineEnums(code, 'x.js'),
      /if \(s === 11 && m === "INVITE"\) setTimeout\(f, 32000\);$/,
    );
  });

  it('are left where they only have the same name', () => {
    const code = `import { Other } from './x.js'; const C = {}; f(Other.Initial, C.INVITE, a.C.INVITE);`;
    assert.equal(inlineEnums(code, 'x.js'), code);
  });

  it('fail for a state that has another value, or is not known', () => {
    assert.throws(
      () => plainEnums(STATES.replace('= "Initial"', '= "New"'), 'x.js'),
      /another value/,
    );
    const code = `import { SessionState } from './x.js'; f(SessionState.Lost);`;
    assert.throws(() => inlineEnums(code, 'x.js'), /no SessionState\.Lost/);
  });
});

describe('names to shorten', () => {
  it('are none that another chunk has too', () => {
    const sources = new URL('../../src', import.meta.url).pathname;
    const code = 'a.getReasonHeaderValue(); a.recomputeRouteSet();';
    assert.deepEqual(ownNames(code, [code], sources), [
      'getReasonHeaderValue',
      'recomputeRouteSet',
    ]);
    const other = 'export function recomputeRouteSet() {}';
    assert.deepEqual(ownNames(code, [code], sources, [other]), ['getReasonHeaderValue']);
  });
});
