/** Who is compared, and how each is called on. */
export interface Contender {
  readonly name: string;
  readonly page: 'element' | 'sipjs' | 'jssip';
  /** The socket is opened ahead of the click. */
  readonly early: boolean;
  /** A pass is there before the click; else the element asks the gate for one. */
  readonly pass: boolean;
}

export const ELEMENT: Contender = {
  name: '`<call-button>`',
  page: 'element',
  early: true,
  pass: true,
};
/** What a visitor gets: the pass is asked for by the click. */
export const ELEMENT_ASKING: Contender = {
  name: '`<call-button>`, pass asked for by the click',
  page: 'element',
  early: true,
  pass: false,
};
export const AS_USED: readonly Contender[] = [
  { name: 'SIP.js, socket opened by the click', page: 'sipjs', early: false, pass: true },
  { name: 'JsSIP, socket opened by the click', page: 'jssip', early: false, pass: true },
];
export const OPENED_BEFORE: readonly Contender[] = [
  { name: 'SIP.js, socket opened before', page: 'sipjs', early: true, pass: true },
  { name: 'JsSIP, socket opened before', page: 'jssip', early: true, pass: true },
];
export const CONTENDERS = [ELEMENT, ELEMENT_ASKING, ...AS_USED, ...OPENED_BEFORE];
